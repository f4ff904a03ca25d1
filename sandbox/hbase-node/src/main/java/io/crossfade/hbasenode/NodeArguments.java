package io.crossfade.hbasenode;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@link HBaseNode}: {@code key=value} words. {@code data} is required, {@code
 * master} and {@code regionserver} are ports (0 = free), {@code advertise} is the host under which
 * the servers make themselves known; a key with a dot in it is an HBase setting.
 *
 * @param data the directory that holds everything
 * @param masterPort 0 = any free port
 * @param regionServerPort 0 = any free port
 * @param advertisedHost what clients are told to connect to; the servers themselves listen on
 *     127.0.0.1
 * @param settings HBase settings that override the node's own
 */
record NodeArguments(
    Path data,
    int masterPort,
    int regionServerPort,
    String advertisedHost,
    Map<String, String> settings) {

  /**
   * @throws IllegalArgumentException naming the word that is not understood
   */
  static NodeArguments parse(String... words) {
    @Nullable Path data = null;
    int masterPort = 0;
    int regionServerPort = 0;
    String advertisedHost = HBaseNode.LOOPBACK;
    Map<String, String> settings = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("not key=value: " + word);
      }
      String key = word.substring(0, equals);
      String value = word.substring(equals + 1);
      switch (key) {
        case "data" -> data = Path.of(value).toAbsolutePath().normalize();
        case "master" -> masterPort = port(word, value);
        case "regionserver" -> regionServerPort = port(word, value);
        case "advertise" -> advertisedHost = value;
        default -> {
          if (key.indexOf('.') < 0) {
            throw new IllegalArgumentException(
                "unknown key "
                    + key
                    + " (data, master, regionserver, advertise or an HBase setting)");
          }
          settings.put(key, value);
        }
      }
    }
    if (data == null) {
      throw new IllegalArgumentException("data=DIRECTORY is missing");
    }
    return new NodeArguments(
        data, masterPort, regionServerPort, advertisedHost, Map.copyOf(settings));
  }

  private static int port(String word, String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a port: " + word, e);
    }
    throw new IllegalArgumentException("not a port: " + word);
  }
}

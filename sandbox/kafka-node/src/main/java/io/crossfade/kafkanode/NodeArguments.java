package io.crossfade.kafkanode;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@link KafkaNode}: {@code key=value} words. {@code data}, {@code port} and
 * {@code controller} are required; a key with a dot in it is a broker setting.
 *
 * @param data the directory that holds everything
 * @param port where clients connect
 * @param controllerPort where the broker reaches its own controller
 * @param settings broker settings that override the node's own
 */
record NodeArguments(Path data, int port, int controllerPort, Map<String, String> settings) {

  /**
   * @throws IllegalArgumentException naming the word that is not understood
   */
  static NodeArguments parse(String... words) {
    @Nullable Path data = null;
    int port = 0;
    int controllerPort = 0;
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
        case "port" -> port = port(word, value);
        case "controller" -> controllerPort = port(word, value);
        default -> {
          if (key.indexOf('.') < 0) {
            throw new IllegalArgumentException(
                "unknown key " + key + " (data, port, controller or a broker setting)");
          }
          settings.put(key, value);
        }
      }
    }
    if (data == null || port == 0 || controllerPort == 0) {
      throw new IllegalArgumentException("data=DIRECTORY, port=N or controller=N is missing");
    }
    return new NodeArguments(data, port, controllerPort, Map.copyOf(settings));
  }

  private static int port(String word, String value) {
    try {
      int port = Integer.parseInt(value);
      if (port > 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a port: " + word, e);
    }
    throw new IllegalArgumentException("not a port: " + word);
  }
}

package io.crossfade.sandbox;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EmbeddedHBase} is run.
 *
 * @param dataDirectory used again when it holds data; null = temporary, deleted with the server
 * @param masterPort 0 = free, kept over restarts
 * @param regionServerPort 0 = free, kept over restarts
 * @param advertisedHost the loopback address under which the servers make themselves known to
 *     clients. They listen on 127.0.0.1 whatever it is: with 127.0.0.2 a client reaches them only
 *     through {@link FaultyLink}s on the same ports
 * @param heapMiB the process's heap in MiB
 * @param settings HBase settings that win over the sandbox's own
 */
public record HBaseOptions(
    @Nullable Path dataDirectory,
    int masterPort,
    int regionServerPort,
    String advertisedHost,
    int heapMiB,
    Map<String, String> settings) {

  /** Copies the settings. */
  public HBaseOptions {
    settings = Map.copyOf(settings);
  }

  /**
   * @return free ports, 512 MiB, a directory that goes with the server
   */
  public static HBaseOptions temporary() {
    return new HBaseOptions(null, 0, 0, Loopback.HOST, 512, Map.of());
  }

  /**
   * @param dataDirectory created when missing
   * @return free ports, 512 MiB, data that stays
   */
  public static HBaseOptions in(Path dataDirectory) {
    return new HBaseOptions(dataDirectory, 0, 0, Loopback.HOST, 512, Map.of());
  }

  /**
   * @param master 0 = free
   * @param regionServer 0 = free
   * @return a changed copy
   */
  public HBaseOptions withPorts(int master, int regionServer) {
    return new HBaseOptions(dataDirectory, master, regionServer, advertisedHost, heapMiB, settings);
  }

  /**
   * @param mib the process's heap in MiB
   * @return a changed copy
   */
  public HBaseOptions withHeap(int mib) {
    return new HBaseOptions(
        dataDirectory, masterPort, regionServerPort, advertisedHost, mib, settings);
  }

  /**
   * @param host a loopback address
   * @return a changed copy
   */
  public HBaseOptions withAdvertisedHost(String host) {
    return new HBaseOptions(dataDirectory, masterPort, regionServerPort, host, heapMiB, settings);
  }

  /**
   * @param mebibytes the heap
   * @return a changed copy
   */
  public HBaseOptions withHeapMiB(int mebibytes) {
    return new HBaseOptions(
        dataDirectory, masterPort, regionServerPort, advertisedHost, mebibytes, settings);
  }

  /**
   * @param key an HBase setting's name
   * @param value its value
   * @return a copy with this setting too
   */
  public HBaseOptions withSetting(String key, String value) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put(key, value);
    return new HBaseOptions(
        dataDirectory, masterPort, regionServerPort, advertisedHost, heapMiB, all);
  }
}

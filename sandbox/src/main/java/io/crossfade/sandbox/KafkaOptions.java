package io.crossfade.sandbox;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EmbeddedKafka} is run.
 *
 * @param dataDirectory used again when it holds data; null = temporary, deleted with the server
 * @param port 0 = free, kept over restarts
 * @param heapMiB the process's heap in MiB
 * @param settings broker settings that win over the sandbox's own
 */
public record KafkaOptions(
    @Nullable Path dataDirectory, int port, int heapMiB, Map<String, String> settings) {

  /** Copies the settings. */
  public KafkaOptions {
    settings = Map.copyOf(settings);
  }

  /**
   * @return a free port, 256 MiB, a directory that goes with the server
   */
  public static KafkaOptions temporary() {
    return new KafkaOptions(null, 0, 256, Map.of());
  }

  /**
   * @param dataDirectory created when missing
   * @return a free port, 256 MiB, data that stays
   */
  public static KafkaOptions in(Path dataDirectory) {
    return new KafkaOptions(dataDirectory, 0, 256, Map.of());
  }

  /**
   * @param key a broker setting's name, with a dot in it
   * @param value its value
   * @return a copy with this setting too
   */
  public KafkaOptions withSetting(String key, String value) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put(key, value);
    return new KafkaOptions(dataDirectory, port, heapMiB, all);
  }
}

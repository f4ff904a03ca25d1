package io.crossfade.dualwrite.dirty.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where the records are and who owns them.
 *
 * @param bootstrapServers {@code host:port,…} of brokers
 * @param topic created when missing
 * @param partitions of a topic that is created
 * @param replicationFactor copies of a topic that is created; an existing one must have as many
 * @param proxy the name under which this proxy owns records; empty: one is made up and kept in the
 *     store's directory
 * @param properties further settings of Kafka's clients, they win
 */
public record KafkaSettings(
    String bootstrapServers,
    String topic,
    int partitions,
    int replicationFactor,
    String proxy,
    Map<String, String> properties) {
  /** What the store's promises rest on: not to be set by {@link #properties}. */
  public static final Set<String> FIXED =
      Set.of(
          "acks",
          "auto.offset.reset",
          "bootstrap.servers",
          "delivery.timeout.ms",
          "enable.auto.commit",
          "enable.idempotence",
          "group.id",
          "isolation.level",
          "key.deserializer",
          "key.serializer",
          "max.block.ms",
          "max.in.flight.requests.per.connection",
          "partitioner.class",
          "retries",
          "transactional.id",
          "value.deserializer",
          "value.serializer");

  /** Copies the properties. */
  public KafkaSettings {
    properties = Map.copyOf(properties);
  }

  /** Settings of one client, {@code own} being those of its kind. */
  Map<String, Object> client(Map<String, Object> own) {
    Map<String, Object> all = new HashMap<>();
    all.put("bootstrap.servers", bootstrapServers);
    all.put("reconnect.backoff.max.ms", 1000);
    all.put("retry.backoff.max.ms", 500);
    all.put("request.timeout.ms", 10_000);
    // The clients' own statistics would be sent to the broker, and registered as MBeans.
    all.put("enable.metrics.push", false);
    all.put("metric.reporters", "");
    all.putAll(own);
    all.putAll(properties);
    return all;
  }

  /** Without the properties, which may hold secrets. */
  @Override
  public String toString() {
    return "KafkaSettings[" + bootstrapServers + ", topic=" + topic + ", proxy=" + proxy + "]";
  }
}

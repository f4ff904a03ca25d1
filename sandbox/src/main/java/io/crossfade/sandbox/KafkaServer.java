package io.crossfade.sandbox;

/** A Kafka cluster that may be used without authentication. Thread-safe. */
public interface KafkaServer {
  /**
   * @return {@code host:port} of brokers, comma-separated: the value of {@code bootstrap.servers}
   */
  String bootstrapServers();
}

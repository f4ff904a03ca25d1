package io.crossfade.dualwrite.dirty.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads all that is in the topic now. */
final class TopicLoader {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STALL_LIMIT = Duration.ofSeconds(30);

  private TopicLoader() {}

  /** What is done with a record. */
  interface Each {
    void accept(ConsumerRecord<byte[], byte[]> record) throws IOException;
  }

  /** Shows the records up to the ends that the partitions have when this is called. */
  static void load(Consumer<byte[], byte[]> consumer, String topic, int partitions, Each each)
      throws IOException {
    List<TopicPartition> all = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      all.add(new TopicPartition(topic, p));
    }
    try {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      List<TopicPartition> rest = new ArrayList<>(all);
      long progress = System.nanoTime();
      while (true) {
        rest.removeIf(p -> consumer.position(p) >= ends.getOrDefault(p, 0L));
        if (rest.isEmpty()) {
          return;
        }
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> r : polled) {
          each.accept(r);
        }
        long now = System.nanoTime();
        if (!polled.isEmpty()) {
          progress = now;
        } else if (now - progress > STALL_LIMIT.toNanos()) {
          throw new IOException("Kafka sends no more of " + rest);
        }
      }
    } catch (KafkaException e) {
      throw new IOException("topic " + topic + " cannot be read: " + e.getMessage(), e);
    }
  }
}

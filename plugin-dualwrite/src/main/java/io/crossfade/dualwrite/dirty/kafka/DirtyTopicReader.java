package io.crossfade.dualwrite.dirty.kafka;

import io.crossfade.dualwrite.dirty.DirtyRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what the proxies' dirty stores write, for a module of its own: whatever has to follow the
 * rows of a watched table, besides the mirror. Each group of readers sees every message, at least
 * once; its progress is its offsets, and it never ends a record. Used by one thread at a time.
 *
 * <p>A module looks at the row when a message {@linkplain DirtyMessage#mayHaveChanged says} that it
 * may have changed. What it does with it has to bear repetition: either because it is idempotent,
 * or because it keeps the generation it has seen, with the result, in one transaction.
 */
public final class DirtyTopicReader implements AutoCloseable {
  private static final long COMMIT_IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final KafkaSettings settings;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Lanes lanes;
  private final long keptMillis;
  private final LongSupplier clock;
  private final SeenUpTo seen = new SeenUpTo();
  private long committedAt = System.nanoTime();

  /** Does something about a message. */
  @FunctionalInterface
  public interface Handler {
    /** Called on a thread of the reader; an exception makes the whole batch come again. */
    void handle(DirtyMessage message) throws Exception;
  }

  /**
   * Joins a group of readers.
   *
   * @param settings which topic; the proxy's name is of no meaning
   * @param group the consumer group: the name of the module
   * @param parallel how many messages are handled at once; 1 = one after the other. Those about the
   *     same key are handled in order in any case
   * @throws IOException when the topic cannot be read
   */
  public DirtyTopicReader(KafkaSettings settings, String group, int parallel) throws IOException {
    this(settings, group, parallel, System::currentTimeMillis);
  }

  DirtyTopicReader(KafkaSettings settings, String group, int parallel, LongSupplier clock)
      throws IOException {
    this.settings = settings;
    this.clock = clock;
    this.keptMillis = kept(settings);
    this.consumer =
        new KafkaConsumer<>(
            settings.client(
                Map.of(
                    "group.id",
                    group,
                    "enable.auto.commit",
                    false,
                    "auto.offset.reset",
                    "earliest")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.lanes = new Lanes(parallel);
    consumer.subscribe(List.of(settings.topic()), new Assignments());
  }

  /** How long the topic keeps a message about a key that is clean again, in milliseconds. */
  private static long kept(KafkaSettings settings) throws IOException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
    try (Admin admin = Admin.create(settings.client(Map.of()))) {
      Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
      if (config == null) {
        throw new IOException("topic " + settings.topic() + " does not tell its settings");
      }
      return Long.parseLong(config.get("delete.retention.ms").value());
    } catch (ExecutionException | KafkaException e) {
      throw new IOException("topic " + settings.topic() + " cannot be read: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while Kafka was asked");
    }
  }

  private final class Assignments implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
      partitions.forEach(p -> seen.assigned(p, committed.get(p), clock.getAsLong()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      seen.revoked(partitions);
    }
  }

  /**
   * Waits for messages, hands them over, and moves the group's offsets on once all are handled.
   *
   * @param wait for the first of them
   * @return how many were handled
   * @throws GapException when messages may be missing
   * @throws IOException when the handler failed, or Kafka; the same messages come again
   */
  public int poll(Duration wait, Handler handler) throws IOException, InterruptedException {
    long now = clock.getAsLong();
    Map<TopicPartition, Long> before = new HashMap<>();
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
      records.partitions().forEach(p -> before.put(p, records.records(p).get(0).offset()));
      Set<TopicPartition> gaps = seen.gaps(now, keptMillis);
      if (!gaps.isEmpty()) {
        throw new GapException(
            "The topic keeps messages for "
                + Duration.ofMillis(keptMillis)
                + "; the last look at "
                + gaps
                + " was longer ago");
      }
      List<DirtyMessage> batch = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> r : records) {
        message(r).ifPresent(batch::add);
      }
      lanes.handle(batch, handler);
      before.clear();
      moveOn(records, now);
      return batch.size();
    } catch (KafkaException | IllegalArgumentException e) {
      throw new IOException("topic " + settings.topic() + " cannot be read: " + e.getMessage(), e);
    } finally {
      // what was not handled comes again
      before.forEach(consumer::seek);
    }
  }

  private static Optional<DirtyMessage> message(ConsumerRecord<byte[], byte[]> r) {
    TopicKey key = TopicKey.decode(r.key());
    return DirtyRecord.of(key.record())
        .map(rows -> new DirtyMessage(key.proxy(), rows, state(r), r.partition(), r.offset()));
  }

  private static DirtyMessage.State state(ConsumerRecord<byte[], byte[]> r) {
    if (r.value() == null) {
      return DirtyMessage.State.CLEAN;
    }
    return DirtyRecord.isReleased(TopicValue.decode(r.value()))
        ? DirtyMessage.State.RELEASED
        : DirtyMessage.State.MARKED;
  }

  private void moveOn(ConsumerRecords<byte[], byte[]> records, long now) {
    for (TopicPartition p : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> of = records.records(p);
      seen.seen(p, Math.min(now, of.get(of.size() - 1).timestamp()));
    }
    for (TopicPartition p : consumer.assignment()) {
      if (consumer.currentLag(p).orElse(1) == 0) {
        seen.seen(p, now);
      }
    }
    if (!records.isEmpty() || System.nanoTime() - committedAt > COMMIT_IDLE_NANOS) {
      commit(now);
    }
  }

  private void commit(long now) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition p : consumer.assignment()) {
      offsets.put(p, new OffsetAndMetadata(consumer.position(p), seen.metadata(p, now)));
    }
    consumer.commitSync(offsets);
    committedAt = System.nanoTime();
  }

  /** Goes on after a {@link GapException}. Look at every row after this has returned. */
  public void acceptGap() {
    long now = clock.getAsLong();
    seen.accept(now);
    commit(now);
  }

  @Override
  public void close() {
    lanes.close();
    consumer.close();
  }
}

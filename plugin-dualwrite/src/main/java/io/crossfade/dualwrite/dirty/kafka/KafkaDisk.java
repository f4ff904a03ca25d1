package io.crossfade.dualwrite.dirty.kafka;

import io.crossfade.dualwrite.dirty.Disk;
import io.crossfade.dualwrite.dirty.RecordKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Disk} in a compacted topic. There are no transactions: what is to be kept is confirmed
 * by the brokers before the first tombstone is sent, so a batch cut in two leaves too much, never
 * too little. One idempotent producer keeps the order, retrying for ever; a record is never sent by
 * another one while it is under way.
 */
final class KafkaDisk implements Disk {
  private static final Logger LOGGER = LoggerFactory.getLogger(KafkaDisk.class);

  /** How long the journal's thread waits at a time; a producer goes on trying after it. */
  private static final Duration CONFIRM_LIMIT = Duration.ofSeconds(5);

  /** A producer is not replaced more often. */
  private static final Duration REPLACE_PAUSE = Duration.ofSeconds(5);

  private final KafkaSettings settings;
  private final Owner owner;
  private final int partitions;
  private final Producers producers;
  private final Consumer<String> abnormal;
  private final Duration confirmLimit;
  private final Duration replacePause;
  private final Queue<Future<RecordMetadata>> underWay = new ArrayDeque<>();
  private final List<Long> retired = new ArrayList<>();
  private Map<RecordKey, Place> earlier = new HashMap<>();
  private Producer<byte[], byte[]> producer;
  private long writer = 1;
  private boolean writerUsed;
  private int confirmed;
  private boolean broken;
  private long producerSince = System.nanoTime();

  /** Makes producers. */
  interface Producers {
    Producer<byte[], byte[]> make();
  }

  KafkaDisk(
      KafkaSettings settings,
      Owner owner,
      int partitions,
      Producers producers,
      Consumer<String> abnormal,
      Duration confirmLimit,
      Duration replacePause) {
    this.settings = settings;
    this.owner = owner;
    this.partitions = partitions;
    this.producers = producers;
    this.abnormal = abnormal;
    this.confirmLimit = confirmLimit;
    this.replacePause = replacePause;
    this.producer = producers.make();
  }

  /** Opens disks at these brokers. */
  static KafkaDisk open(KafkaSettings settings, Path directory, Consumer<String> abnormal)
      throws IOException {
    Owner owner = new Owner(directory, settings.proxy());
    try {
      int partitions;
      try (Admin admin = Admin.create(settings.client(Map.of("default.api.timeout.ms", 30_000)))) {
        partitions = new TopicCheck(settings, abnormal).partitions(admin);
      }
      return new KafkaDisk(
          settings,
          owner,
          partitions,
          () -> producer(settings),
          abnormal,
          CONFIRM_LIMIT,
          REPLACE_PAUSE);
    } catch (KafkaException e) {
      throw new IOException("Kafka's client does not start: " + causes(e), e);
    }
  }

  private static String causes(Throwable e) {
    return e.getCause() == null
        ? e.getMessage() + ""
        : e.getMessage() + ": " + causes(e.getCause());
  }

  private static Producer<byte[], byte[]> producer(KafkaSettings settings) {
    return new KafkaProducer<>(
        settings.client(
            Map.of(
                "acks",
                "all",
                "enable.idempotence",
                true,
                // The order of a record's writes rests on one producer that never gives up.
                "retries",
                Integer.MAX_VALUE,
                "delivery.timeout.ms",
                Integer.MAX_VALUE,
                "max.block.ms",
                CONFIRM_LIMIT.toMillis(),
                "linger.ms",
                0)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  @Override
  public void load(BiConsumer<byte[], byte[]> each) throws IOException {
    Inherited inherited = new Inherited(owner.name());
    Map<String, Object> own =
        Map.of(
            "enable.auto.commit", false, "auto.offset.reset", "earliest", "max.poll.records", 5000);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            settings.client(own), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      load(consumer, inherited);
    } catch (KafkaException e) {
      throw new IOException("Kafka's client does not start: " + causes(e), e);
    }
    if (owner.kept() && inherited.isEmpty()) {
      throw new IOException(
          "topic "
              + settings.topic()
              + " holds nothing of this proxy ('"
              + owner.name()
              + "'), which wrote to it before: it was deleted or is another one");
    }
    writer = inherited.newestWriter() + 1;
    earlier = inherited.places();
    LOGGER
        .atInfo()
        .addKeyValue("topic", settings.topic())
        .addKeyValue("proxy", owner.name())
        .addKeyValue("writer", writer)
        .addKeyValue("records", earlier.size())
        .addKeyValue("recordsOfOtherProxies", inherited.others())
        .log("The dirty store's topic was read");
    inherited.forEach(each);
  }

  private void load(KafkaConsumer<byte[], byte[]> consumer, Inherited inherited)
      throws IOException {
    TopicLoader.load(
        consumer,
        settings.topic(),
        partitions,
        r -> {
          try {
            inherited.accept(r);
          } catch (IllegalArgumentException e) {
            throw new IOException(
                "partition "
                    + r.partition()
                    + " of topic "
                    + settings.topic()
                    + " holds at offset "
                    + r.offset()
                    + " "
                    + e.getMessage()
                    + ": written by a newer version, or not by Crossfade",
                e);
          }
        });
  }

  @Override
  public void write(Map<RecordKey, byte @Nullable []> changes, boolean sync) throws IOException {
    awaitConfirmed();
    confirmed = 0;
    for (Map.Entry<RecordKey, byte @Nullable []> c : changes.entrySet()) {
      byte[] value = c.getValue();
      if (value != null) {
        send(here(c.getKey()), writer, c.getKey(), TopicValue.open(value));
      }
    }
    awaitConfirmed();
    for (Map.Entry<RecordKey, byte @Nullable []> c : changes.entrySet()) {
      end(c.getKey(), c.getValue() == null);
    }
    awaitConfirmed();
    changes.keySet().forEach(earlier::remove);
    owner.keep();
  }

  private int here(RecordKey record) {
    return TopicKey.partition(record, partitions);
  }

  /** Ends the copies that earlier writers left, then, if it is deleted, this writer's own. */
  private void end(RecordKey record, boolean deleted) throws IOException {
    for (Place p = earlier.get(record); p != null; p = p.next()) {
      send(p.partition(), p.writer(), record, null);
    }
    for (long past : retired) {
      send(here(record), past, record, null);
    }
    if (deleted) {
      send(here(record), writer, record, null);
    }
  }

  private void send(int partition, long by, RecordKey record, byte @Nullable [] value)
      throws IOException {
    byte[] key = new TopicKey(owner.name(), by, record).encode();
    Future<RecordMetadata> sent;
    try {
      sent = producer.send(new ProducerRecord<>(settings.topic(), partition, key, value));
    } catch (KafkaException | IllegalStateException e) {
      broken = confirmed == 0;
      throw new IOException("Kafka's producer takes no records: " + causes(e), e);
    }
    underWay.add(sent);
    if (sent.isDone()) {
      // It waited for room or for metadata in vain: so would all that follow.
      awaitConfirmed();
    }
  }

  /** Waits for all that is under way; what is not confirmed in time stays under way. */
  private void awaitConfirmed() throws IOException {
    long deadline = System.nanoTime() + confirmLimit.toNanos();
    IOException failure = null;
    for (Future<RecordMetadata> f = underWay.peek(); f != null; f = underWay.peek()) {
      try {
        f.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        confirmed++;
        writerUsed = true;
      } catch (ExecutionException e) {
        failure = new IOException("Kafka refuses a record: " + causes(e), e);
      } catch (TimeoutException e) {
        abnormal.accept("kafka-unconfirmed");
        throw new IOException(
            "Kafka has not confirmed "
                + underWay.size()
                + " records within "
                + confirmLimit.toMillis()
                + " ms",
            e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while Kafka was to confirm records");
      }
      underWay.remove();
    }
    if (failure != null) {
      broken = confirmed == 0;
      throw failure;
    }
  }

  @Override
  public boolean shared() {
    return true;
  }

  /**
   * A producer that has records under way is left alone: it alone knows what the brokers have. One
   * that could not write a single record, none being under way, may be of no more use.
   */
  @Override
  public void recover() throws IOException {
    long now = System.nanoTime();
    if (!broken || !underWay.isEmpty() || now - producerSince < replacePause.toNanos()) {
      return;
    }
    abnormal.accept("kafka-producer-replaced");
    producer.close(Duration.ZERO);
    if (writerUsed) {
      retired.add(writer);
    }
    writer++;
    writerUsed = false;
    broken = false;
    producerSince = now;
    try {
      producer = producers.make();
    } catch (KafkaException e) {
      broken = true;
      throw new IOException("Kafka's client does not start: " + causes(e), e);
    }
  }

  @Override
  public void close() {
    producer.close(underWay.isEmpty() ? confirmLimit : Duration.ZERO);
  }
}

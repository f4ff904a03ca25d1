package io.crossfade.dualwrite.dirty.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.dualwrite.dirty.RecordKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaDiskTest {
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @TempDir Path directory;
  private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
  private final List<String> abnormal = new CopyOnWriteArrayList<>();
  private boolean automatic = true;
  private KafkaDisk disk;

  @BeforeEach
  void open() throws IOException {
    open(true, PATIENT);
  }

  private void open(boolean confirmsByItself, Duration limit) throws IOException {
    automatic = confirmsByItself;
    producers.clear();
    disk =
        new KafkaDisk(
            new KafkaSettings("unused:1", "t", 1, 1, "me", Map.of()),
            new Owner(directory, "me"),
            4,
            () -> {
              MockProducer<byte[], byte[]> made =
                  new MockProducer<>(
                      automatic, null, new ByteArraySerializer(), new ByteArraySerializer());
              producers.add(made);
              return made;
            },
            abnormal::add,
            limit,
            Duration.ZERO);
  }

  private MockProducer<byte[], byte[]> producer() {
    return producers.get(producers.size() - 1);
  }

  private static RecordKey key(String name) {
    return new RecordKey(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Map<RecordKey, byte @Nullable []> changes(String... words) {
    Map<RecordKey, byte @Nullable []> all = new LinkedHashMap<>();
    for (String w : words) {
      all.put(key(w.substring(1)), w.startsWith("+") ? new byte[0] : null);
    }
    return all;
  }

  /** What was sent, as +name or -name with the number of its writer. */
  private List<String> sent() {
    List<String> all = new ArrayList<>();
    for (MockProducer<byte[], byte[]> p : producers) {
      for (ProducerRecord<byte[], byte[]> r : p.history()) {
        TopicKey k = TopicKey.decode(r.key());
        assertThat(k.proxy()).isEqualTo("me");
        assertThat(r.partition()).isEqualTo(TopicKey.partition(k.record(), 4));
        all.add(
            (r.value() == null ? "-" : "+")
                + new String(k.record().bytes(), java.nio.charset.StandardCharsets.UTF_8)
                + k.writer());
      }
    }
    return all;
  }

  @Test
  void noTombstoneIsSentBeforeWhatIsKeptIsConfirmed() throws Exception {
    open(false, PATIENT);
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                write("-a", "+b", "-c", "+d");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    await().until(() -> producer().history().size() >= 2);
    assertThat(sent()).containsExactly("+b1", "+d1");
    assertThat(producer().completeNext()).isTrue();
    assertThat(sent()).hasSize(2);
    assertThat(producer().completeNext()).isTrue();
    await().until(() -> producer().history().size() >= 4);
    assertThat(sent()).containsExactly("+b1", "+d1", "-a1", "-c1");
    producer().completeNext();
    producer().completeNext();
    writing.get();
  }

  private void write(String... words) throws IOException {
    disk.write(changes(words), true);
  }

  @Test
  void whatIsUnderWayIsAwaitedAndNotLeftToAnotherProducer() throws Exception {
    open(false, Duration.ofMillis(200));
    assertThatThrownBy(() -> write("+a")).hasMessageContaining("has not confirmed 1 records");
    disk.recover();
    assertThatThrownBy(() -> write("+a")).hasMessageContaining("has not confirmed");
    disk.recover();
    assertThat(sent()).containsExactly("+a1");
    assertThat(producers).hasSize(1);
    assertThat(abnormal).containsOnly("kafka-unconfirmed");
  }

  @Test
  void aProducerThatWritesNothingIsReplacedAndItsRecordsAreEndedByTheNext() throws Exception {
    write("+a", "+b");
    MockProducer<byte[], byte[]> first = producer();
    first.sendException = new TopicAuthorizationException("t");
    assertThatThrownBy(() -> write("+c")).isInstanceOf(IOException.class);
    disk.recover();
    assertThat(first.closed()).isTrue();
    assertThat(producers).hasSize(2);
    assertThat(abnormal).containsExactly("kafka-producer-replaced");

    write("+c", "-a");
    write("+b");

    assertThat(sent()).containsExactly("+a1", "+b1", "+c2", "-c1", "-a1", "-a2", "+b2", "-b1");
  }

  @Test
  void aRefusedRecordFailsTheWriteAndTheProducerStaysIfOthersWereTaken() throws Exception {
    open(false, PATIENT);
    CompletableFuture<IOException> failure =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                write("+a", "+b");
                throw new AssertionError("written");
              } catch (IOException e) {
                return e;
              }
            });
    await().until(() -> producer().history().size() == 2);
    producer().completeNext();
    producer().errorNext(new TopicAuthorizationException("t"));
    assertThat(failure.get()).hasMessageContaining("refuses a record");
    disk.recover();
    assertThat(producers).hasSize(1);
  }

  @Test
  void theNameIsKeptOnceARecordIsConfirmed() throws Exception {
    open(false, Duration.ofMillis(200));
    assertThat(new Owner(directory, "").kept()).isFalse();
    assertThatThrownBy(() -> write("+a")).isInstanceOf(IOException.class);
    assertThat(new Owner(directory, "").kept()).isFalse();
    open(true, PATIENT);
    write("+a");
    assertThat(new Owner(directory, "").kept()).isTrue();
    assertThat(new Owner(directory, "").name()).isEqualTo("me");
  }
}

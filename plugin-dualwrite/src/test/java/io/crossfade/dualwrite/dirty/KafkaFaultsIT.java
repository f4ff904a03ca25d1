package io.crossfade.dualwrite.dirty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig.WhenUnrecordable;
import io.crossfade.dualwrite.dirty.kafka.KafkaOpener;
import io.crossfade.dualwrite.dirty.kafka.KafkaSettings;
import io.crossfade.sandbox.EmbeddedKafka;
import io.crossfade.sandbox.KafkaOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the application sees while a broker is frozen, killed or away: never more than the limit.
 */
class KafkaFaultsIT {
  private static final TableName T = new TableName("social", "follower");
  private static final Duration STALL = Duration.ofMillis(300);

  /** For the flag, and for a machine that is busy with other things. */
  private static final Duration MARGIN = Duration.ofMillis(1500);

  private static EmbeddedKafka kafka;
  private static final AtomicInteger TOPICS = new AtomicInteger();

  @TempDir Path directory;
  private final String topic = "faults-" + TOPICS.incrementAndGet();
  private final ConcurrentLinkedQueue<String> incidents = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<AutoCloseable> opened = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(KafkaOptions.temporary());
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @AfterEach
  void closeAll() throws Exception {
    if (!kafka.isAlive()) {
      kafka.restart();
    }
    for (AutoCloseable c : opened) {
      c.close();
    }
  }

  private JournaledDirtyStore open(Path at) {
    Incidents told =
        new Incidents() {
          @Override
          public void debt(String reason) {
            incidents.add("debt");
          }

          @Override
          public void debtPaid() {
            incidents.add("paid");
          }

          @Override
          public void unrecorded(String reason) {
            incidents.add("unrecorded");
          }
        };
    JournaledDirtyStore store =
        JournaledDirtyStore.open(
            new DirtyStoreConfig(at, STALL, STALL, WhenUnrecordable.REFUSE),
            new KafkaOpener(
                new KafkaSettings(kafka.bootstrapServers(), topic, 4, 1, "me", Map.of())),
            List.of(T),
            new SimpleMeterRegistry(),
            told);
    opened.add(store);
    return store;
  }

  /** What a kill -9 now would leave of the local directory, given to the next process. */
  private Path afterCrash(Path at) throws IOException {
    Path copy = at.resolveSibling(at.getFileName() + "-crashed");
    Files.createDirectories(copy);
    try (Stream<Path> files = Files.list(at)) {
      for (Path f : files.toList()) {
        Files.copy(f, copy.resolve(f.getFileName()));
      }
    }
    return copy;
  }

  private static Key key(int i) {
    return new Key(ByteBuffer.allocate(4).putInt(i).array());
  }

  /** Marks a key and tells how long the application waited. */
  private static Duration mark(DirtyStore s, Holder h, int i) throws Exception {
    long start = System.nanoTime();
    CompletableFuture<Void> marked = s.mark(h, T, List.of(key(i)), List.of()).toCompletableFuture();
    long called = System.nanoTime() - start;
    assertThat(Duration.ofNanos(called)).as("the call itself").isLessThan(MARGIN);
    marked.get(30, TimeUnit.SECONDS);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static boolean inDebt(Path at) throws IOException {
    return Files.readString(at.resolve("debt"), StandardCharsets.ISO_8859_1).equals("D");
  }

  @Test
  void aFrozenBrokerCostsAMarkTheStallLimitAndTheDebtIsPaidLater() throws Exception {
    Path at = directory.resolve("store");
    JournaledDirtyStore s = open(at);
    Holder h = s.open(new SessionId("uuid", 1));
    mark(s, h, 0);
    kafka.pause();
    try {
      assertThat(mark(s, h, 1)).isBetween(STALL, STALL.plus(MARGIN));
      assertThat(inDebt(at)).isTrue();
      // Longer than the producer is waited for at a time.
      long until = System.nanoTime() + Duration.ofSeconds(7).toNanos();
      AtomicInteger marked = new AtomicInteger(2);
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                assertThat(mark(s, h, marked.getAndIncrement())).isLessThan(MARGIN);
                return System.nanoTime() > until;
              });
      int i = marked.get();
      assertThat(s.stats(T).keys()).isEqualTo(i);
      kafka.resume();
      await().atMost(Duration.ofSeconds(30)).until(() -> !inDebt(at));
      await().untilAsserted(() -> assertThat(incidents).containsSequence("debt", "paid"));
      JournaledDirtyStore next = open(afterCrash(at));
      assertThat(next.ranges(T)).isEmpty();
      assertThat(next.stats(T).keys()).isEqualTo(i);
      assertThat(next.undecided()).containsExactly(new SessionId("uuid", 1));
    } finally {
      kafka.resume();
    }
  }

  @Test
  void aProxyThatDiesInDebtFindsEverythingDirtyWhenTheBrokerIsBack() throws Exception {
    Path at = directory.resolve("store");
    JournaledDirtyStore s = open(at);
    Holder h = s.open(new SessionId("uuid", 1));
    mark(s, h, 0);
    kafka.kill9();
    assertThat(mark(s, h, 1)).isLessThan(STALL.plus(MARGIN));
    assertThat(inDebt(at)).isTrue();
    Path crashed = afterCrash(at);
    kafka.restart();
    JournaledDirtyStore next = open(crashed);
    assertThat(next.ranges(T)).containsExactly(KeyRange.ALL);
    assertThat(next.undecided()).contains(SessionId.ANY);
    assertThat(next.isDirty(T, key(0))).isTrue();
    assertThat(inDebt(crashed)).isFalse();
  }

  @Test
  void nothingConfirmedIsLostWhileTheBrokerIsKilledAgainAndAgain() throws Exception {
    Path at = directory.resolve("store");
    JournaledDirtyStore s = open(at);
    Traffic traffic = new Traffic(s);
    var threads = Executors.newScheduledThreadPool(2);
    try {
      threads.scheduleWithFixedDelay(traffic::write, 0, 1, TimeUnit.MILLISECONDS);
      threads.scheduleWithFixedDelay(traffic::clean, 0, 1, TimeUnit.MILLISECONDS);
      for (int kill = 0; kill < 3; kill++) {
        traffic.awaitMarks(100);
        kafka.kill9();
        traffic.awaitMarks(100);
        kafka.restart();
        await().atMost(Duration.ofSeconds(60)).until(() -> !inDebt(at));
      }
    } finally {
      threads.shutdown();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(traffic.failures).isEmpty();
    assertThat(traffic.waits).allMatch(w -> w.compareTo(STALL.plus(MARGIN)) < 0);
    s.put("end", new byte[0]);
    await().atMost(Duration.ofSeconds(30)).until(() -> !inDebt(at));

    JournaledDirtyStore after = open(afterCrash(at));
    assertThat(after.ranges(T)).isEmpty();
    Set<Integer> lost = new HashSet<>(traffic.kept);
    lost.removeIf(i -> after.isDirty(T, key(i)));
    assertThat(lost).isEmpty();
    assertThat(traffic.kept).isNotEmpty();
    assertThat(after.stats(T).keys()).as("cleaned ones are gone").isLessThan(traffic.next.get());
  }

  /** Marks even keys that are released, to be cleaned, and odd ones that stay held. */
  private static final class Traffic {
    private final DirtyStore store;
    private final Holder holding;
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Integer> kept = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Duration> waits = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    Traffic(DirtyStore store) {
      this.store = store;
      this.holding = store.open(new SessionId("uuid", 1));
    }

    void write() {
      try {
        int i = next.getAndIncrement();
        Holder h = i % 2 == 0 ? store.open(new SessionId("uuid", 1000 + i)) : holding;
        waits.add(mark(store, h, i));
        if (i % 2 == 0) {
          store.release(h);
          store.unregister(h);
        } else {
          kept.add(i);
        }
      } catch (Exception | AssertionError e) {
        failures.add(e);
      }
    }

    void clean() {
      store.pick(T, 100).forEach(store::done);
    }

    void awaitMarks(int more) {
      int before = next.get();
      await().atMost(Duration.ofSeconds(60)).until(() -> next.get() > before + more);
    }
  }
}

package io.crossfade.dualwrite.dirty.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Holder;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import io.crossfade.dualwrite.dirty.SessionId;
import io.crossfade.sandbox.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Further modules read the topic of real stores on a real Kafka. */
class DirtyTopicReaderIT {
  private static final TableName T = new TableName("social", "follower");
  private static final Duration WAIT = Duration.ofMillis(300);

  @TempDir Path directory;
  private final String topic = SharedServers.uniqueSchema("modules");
  private final Set<Key> mysql = ConcurrentHashMap.newKeySet();

  private KafkaSettings settings(String proxy) {
    return new KafkaSettings(
        SharedServers.kafka().bootstrapServers(), topic, 3, 1, proxy, Map.of());
  }

  private JournaledDirtyStore store(String proxy) {
    return JournaledDirtyStore.open(
        new DirtyStoreConfig(directory.resolve(proxy)),
        new KafkaOpener(settings(proxy)),
        List.of(T),
        new SimpleMeterRegistry(),
        Incidents.NONE);
  }

  private DirtyTopicReader reader(String group, int parallel) throws IOException {
    return new DirtyTopicReader(settings(""), group, parallel);
  }

  private static Key key(int list, int item) {
    return new Key(new byte[] {(byte) list, (byte) item});
  }

  private static void mark(DirtyStore s, Holder h, Key key) throws Exception {
    s.mark(h, T, List.of(key), List.of()).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void clean(DirtyStore s) {
    List<Picked> picked;
    while (!(picked = s.pick(T, 100)).isEmpty()) {
      picked.forEach(s::done);
    }
  }

  /** Until the condition holds; handlers that fail are tried again. */
  private static void pollUntil(
      DirtyTopicReader reader, DirtyTopicReader.Handler handler, ThrowingCheck check)
      throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      reader.poll(WAIT, handler);
    }
  }

  private interface ThrowingCheck {
    boolean holds() throws Exception;
  }

  @Test
  void aKeyIsAnnouncedWhenMarkedWhenReleasedAndWhenClean() throws Exception {
    List<String> told = new ArrayList<>();
    DirtyTopicReader.Handler handler =
        m -> told.add(m.rows().key().map(Key::toString).orElse("range") + " " + m.state());
    try (JournaledDirtyStore s = store("a");
        DirtyTopicReader reader = reader("announced", 1)) {
      Holder h = s.open(new SessionId("uuid", 1));
      mark(s, h, key(1, 1));
      pollUntil(reader, handler, () -> told.contains("0101 MARKED"));
      s.release(h);
      pollUntil(reader, handler, () -> told.contains("0101 RELEASED"));
      mark(s, h, key(1, 1));
      s.release(h);
      pollUntil(reader, handler, () -> told.stream().filter("0101 RELEASED"::equals).count() == 2);
      clean(s);
      pollUntil(reader, handler, () -> told.contains("0101 CLEAN"));
      assertThat(told)
          .containsExactly("0101 MARKED", "0101 RELEASED", "0101 RELEASED", "0101 CLEAN");
      told.clear();
      s.mark(T, List.of(), List.of(KeyRange.ALL), "test");
      pollUntil(reader, handler, () -> told.contains("range RELEASED"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aSumThatIsNotIdempotentIsRightThoughMessagesComeTwice(int parallel) throws Exception {
    FollowersModule module = new FollowersModule(mysql::contains);
    Random random = new Random(7);
    try (JournaledDirtyStore a = store("a");
        JournaledDirtyStore b = store("b")) {
      for (int i = 0; i < 400; i++) {
        DirtyStore proxy = random.nextBoolean() ? a : b;
        change(proxy, i, key(random.nextInt(5), random.nextInt(20)), random.nextBoolean());
        if (i % 40 == 39) {
          clean(a);
          crashingPoll(module, parallel, random);
        }
      }
      clean(a);
      clean(b);
      try (DirtyTopicReader reader = reader("followers", parallel)) {
        pollUntil(reader, module, () -> right(module));
      }
    }
    assertThat(module.duplicates.get()).as("messages that came twice").isPositive();
  }

  /** An application's transaction that inserts or deletes a row, through a proxy. */
  private void change(DirtyStore proxy, int session, Key key, boolean insert) throws Exception {
    Holder h = proxy.open(new SessionId("uuid", session));
    mark(proxy, h, key);
    if (insert) {
      mysql.add(key);
    } else {
      mysql.remove(key);
    }
    proxy.release(h);
    proxy.unregister(h);
  }

  /** A module that dies after some messages, before its offsets have moved on. */
  private void crashingPoll(FollowersModule module, int parallel, Random random) throws Exception {
    int dies = random.nextInt(20);
    AtomicLong handled = new AtomicLong();
    try (DirtyTopicReader reader = reader("followers", parallel)) {
      assertThatThrownBy(
              () ->
                  pollUntil(
                      reader,
                      m -> {
                        module.handle(m);
                        if (handled.incrementAndGet() > dies) {
                          throw new IllegalStateException("killed");
                        }
                      },
                      () -> false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("killed");
    }
  }

  private boolean right(FollowersModule module) {
    for (int list = 0; list < 5; list++) {
      int at = list;
      long rows = mysql.stream().filter(k -> k.bytes()[0] == at).count();
      if (module.followers(list) != rows) {
        return false;
      }
    }
    return true;
  }

  @Test
  void eachGroupSeesEveryMessageAndOneThatComesLaterSeesWhatIsDirty() throws Exception {
    Set<Key> first = ConcurrentHashMap.newKeySet();
    Set<Key> second = ConcurrentHashMap.newKeySet();
    try (JournaledDirtyStore s = store("a");
        DirtyTopicReader one = reader("first", 1)) {
      for (int i = 0; i < 20; i++) {
        mark(s, s.open(new SessionId("uuid", i)), key(1, i));
      }
      pollUntil(one, m -> first.add(m.rows().key().orElseThrow()), () -> first.size() == 20);
      try (DirtyTopicReader two = reader("second", 2)) {
        pollUntil(two, m -> second.add(m.rows().key().orElseThrow()), () -> second.size() == 20);
      }
      assertThat(s.stats(T).keys()).as("readers end nothing").isEqualTo(20);
    }
  }

  @Test
  void aGroupThatWasAwayForTooLongIsToldSo() throws Exception {
    AtomicLong hours = new AtomicLong();
    java.util.function.LongSupplier clock =
        () -> System.currentTimeMillis() + Duration.ofHours(hours.get()).toMillis();
    AtomicLong handled = new AtomicLong();
    DirtyTopicReader.Handler handler = m -> handled.incrementAndGet();
    try (JournaledDirtyStore s = store("a")) {
      Holder h = s.open(new SessionId("uuid", 1));
      mark(s, h, key(1, 1));
      try (DirtyTopicReader reader = new DirtyTopicReader(settings(""), "away", 1, clock)) {
        pollUntil(reader, handler, () -> handled.get() == 1);
      }
      hours.set(23);
      mark(s, h, key(1, 2));
      try (DirtyTopicReader reader = new DirtyTopicReader(settings(""), "away", 1, clock)) {
        pollUntil(reader, handler, () -> handled.get() == 2);
      }
      hours.set(23 + 25);
      mark(s, h, key(1, 3));
      try (DirtyTopicReader reader = new DirtyTopicReader(settings(""), "away", 1, clock)) {
        await()
            .untilAsserted(
                () ->
                    assertThatThrownBy(() -> reader.poll(WAIT, handler))
                        .isInstanceOf(GapException.class));
        reader.acceptGap();
        pollUntil(reader, handler, () -> handled.get() == 3);
      }
    }
  }
}

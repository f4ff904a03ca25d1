package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.sandbox.EmbeddedHBase;
import io.crossfade.sandbox.HBaseOptions;
import io.crossfade.sandbox.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Marks, re-reads and writes, between real servers. */
class MirrorIT {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Layout.class)
  void carriesMarkedKeysToHBase(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout);
        JournaledDirtyStore store = store(f)) {
      KeyWorkers workers = new KeyWorkers(f.lane(), store, () -> 16);
      store.onEligible(table -> workers.wake());
      workers.resize(2);
      List<Key> keys = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        f.execute(
            "INSERT INTO follower VALUES ("
                + i % 7
                + ","
                + i
                + ", '2026-01-01 00:00:01', 1, NULL)");
        keys.add(f.key(i % 7, i));
      }
      store
          .mark(f.lane().table(), keys, List.of(), "test")
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);
      awaitClean(f, store);
      assertEqual(f, keys, 100);

      f.execute("UPDATE follower SET status=2, created_at='2026-05-05', note='x' WHERE user_id=3");
      f.execute("DELETE FROM follower WHERE user_id=4");
      store
          .mark(f.lane().table(), keys, List.of(), "test")
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);
      awaitClean(f, store);
      assertEqual(f, keys, 86);
      workers.stop(Duration.ofSeconds(10));
    }
  }

  @Test
  void losesNothingWhileHBaseIsKilledAndRestarted() throws Exception {
    try (EmbeddedHBase hbase = EmbeddedHBase.start(HBaseOptions.temporary());
        Fixture f = new Fixture(SharedServers.mysql(), hbase, Layout.WIDE, Duration.ofMinutes(2));
        JournaledDirtyStore store = store(f)) {
      KeyWorkers workers = new KeyWorkers(f.lane(), store, () -> 16);
      store.onEligible(table -> workers.wake());
      workers.resize(2);
      List<Key> keys = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        if (i == 100) {
          hbase.kill9();
        }
        f.execute("REPLACE INTO follower VALUES (" + i % 9 + "," + i + ",'2026-01-01',1,NULL)");
        if (i >= 50) {
          f.execute("DELETE FROM follower WHERE follower_id=" + (i - 50));
        }
        keys.add(f.key(i % 9, i));
        if (i >= 50) {
          store.mark(f.lane().table(), List.of(f.key((i - 50) % 9, i - 50)), List.of(), "test");
        }
        store.mark(f.lane().table(), List.of(f.key(i % 9, i)), List.of(), "test");
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> f.lane().health().paused().isPresent());
      hbase.restart();
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> store.stats(f.lane().table()).keys() == 0);
      assertEqual(f, keys, 50);
      assertThat(f.lane().notice().counted("pauses")).isPositive();
      workers.stop(Duration.ofSeconds(10));
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aHotKeyIsReReadFarLessOftenThanItIsMarkedAndStarvesNobody(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout);
        JournaledDirtyStore store = store(f)) {
      KeyWorkers workers = new KeyWorkers(f.lane(), store, () -> 16);
      store.onEligible(table -> workers.wake());
      workers.resize(2);
      f.execute("INSERT INTO follower VALUES (1, 1, '2026-01-01', 1, NULL)");
      Key hot = f.key(1, 1);
      List<Key> keys = new ArrayList<>(List.of(hot));
      int others = 50;
      AtomicInteger marks = new AtomicInteger();
      for (int i = 1; i <= others; i++) {
        Key other = f.key(2, i);
        f.execute("INSERT INTO follower VALUES (2, " + i + ", '2026-01-01', 1, NULL)");
        keys.add(other);
        store.mark(f.lane().table(), List.of(other), List.of(), "test");
        Awaitility.await()
            .pollInterval(Duration.ofMillis(1))
            .atMost(Duration.ofSeconds(10))
            .until(
                () -> {
                  for (int n = 0; n < 50; n++) {
                    store.mark(f.lane().table(), List.of(hot), List.of(), "test");
                    marks.incrementAndGet();
                  }
                  return !store.isDirty(f.lane().table(), other);
                });
      }
      f.execute("UPDATE follower SET status=2 WHERE user_id=1 AND follower_id=1");
      store.mark(f.lane().table(), List.of(hot), List.of(), "test");
      awaitClean(f, store);
      assertEqual(f, keys, others + 1);
      assertThat(f.lane().notice().counted("written")).isLessThan(marks.get() / 5);
      workers.stop(Duration.ofSeconds(10));
    }
  }

  private JournaledDirtyStore store(Fixture f) {
    return JournaledDirtyStore.open(
        new DirtyStoreConfig(directory.resolve("dirty")),
        List.of(f.lane().table()),
        new SimpleMeterRegistry(),
        Incidents.NONE);
  }

  static void awaitClean(Fixture f, JournaledDirtyStore store) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(25))
        .until(
            () -> {
              var stats = store.stats(f.lane().table());
              return stats.keys() + stats.ranges() == 0;
            });
  }

  /** MySQL's rows are what HBase has, with order entries, and the other keys are not live. */
  static void assertEqual(Fixture f, List<Key> keys, int rows) throws Exception {
    Lane.Reading reading = f.lane().read((reader, connection) -> reader.rows(connection, keys));
    Map<Key, Row> expected = reading.rows();
    assertThat(expected).hasSize(rows);
    assertThat(f.lane().items().compare(expected).values())
        .allSatisfy(compared -> assertThat(compared.right()).isTrue());
    f.lane()
        .items()
        .items(keys)
        .forEach((key, item) -> assertThat(item.live()).isEqualTo(expected.containsKey(key)));
  }
}

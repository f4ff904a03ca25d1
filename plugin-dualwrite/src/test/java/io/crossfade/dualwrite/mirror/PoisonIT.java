package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.hbase.Sabotage;
import io.crossfade.sandbox.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key that cannot be written, among others, between real servers. */
class PoisonIT {
  private static final int KEYS = 100;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aRowTooLargeForTheClientHoldsUpNobodyElse(Layout layout) throws Exception {
    try (Fixture f = fixture(layout, Map.of("hbase.client.keyvalue.maxsize", "2000"))) {
      holdsUpNobodyElse(f, "cell-too-large");
      assertThat(f.lane().notice().counted("abandoned")).as("nothing was sent").isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aRowThatHBaseRefusesHoldsUpNobodyElse(Layout layout) throws Exception {
    try (Fixture f = fixture(layout, Map.of())) {
      Sabotage.largestCell(f, 2000);
      holdsUpNobodyElse(f, "hbase-refused");
    }
  }

  private static Fixture fixture(Layout layout, Map<String, String> properties) throws Exception {
    return new Fixture(
        SharedServers.mysql(), SharedServers.hbase(), layout, Duration.ofMinutes(2), properties);
  }

  private void holdsUpNobodyElse(Fixture f, String reason) throws Exception {
    try (JournaledDirtyStore store =
        JournaledDirtyStore.open(
            new DirtyStoreConfig(directory.resolve("dirty")),
            List.of(f.lane().table()),
            new SimpleMeterRegistry(),
            Incidents.NONE)) {
      KeyWorkers workers = new KeyWorkers(f.lane(), store, () -> 16);
      store.onEligible(table -> workers.wake());
      workers.resize(2);
      List<Key> keys = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        f.execute("INSERT INTO follower VALUES (" + i % 7 + "," + i + ", '2026-01-01', 1, 'x')");
        keys.add(f.key(i % 7, i));
      }
      Key poison = f.key(3, 10);
      f.execute("UPDATE follower SET note=REPEAT('y', 3000) WHERE user_id=3 AND follower_id=10");
      store
          .mark(f.lane().table(), keys, List.of(), "test")
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);
      Awaitility.await()
          .atMost(Duration.ofSeconds(25))
          .untilAsserted(() -> assertThat(store.stats(f.lane().table()).keys()).isEqualTo(1));
      assertThat(store.isDirty(f.lane().table(), poison)).isTrue();
      assertThat(f.lane().notice().counted("pauses")).isZero();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(workers.setAside().report().toString())
                      .contains("key=" + poison)
                      .contains("reason=" + reason));

      f.execute("UPDATE follower SET note='z' WHERE user_id=3 AND follower_id=10");
      workers.setAside().retryNow();
      MirrorIT.awaitClean(f, store);
      MirrorIT.assertEqual(f, keys, KEYS);
      assertThat(workers.setAside().size()).isZero();
      workers.stop(Duration.ofSeconds(10));
    }
  }
}

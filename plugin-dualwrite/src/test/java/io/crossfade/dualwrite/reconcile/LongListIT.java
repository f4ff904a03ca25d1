package io.crossfade.dualwrite.reconcile;

import static io.crossfade.dualwrite.mirror.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.hbase.ItemScan;
import io.crossfade.dualwrite.hbase.Sabotage;
import io.crossfade.dualwrite.hbase.ScannedRow;
import io.crossfade.dualwrite.mirror.Fixture;
import io.crossfade.dualwrite.reconcile.Job.Count;
import io.crossfade.dualwrite.reconcile.Job.State;
import io.crossfade.sandbox.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One list that is far longer than anything that is held at once. */
class LongListIT {
  private static final String DAY = "2026-01-01 00:00:00.000";
  private static final int ITEMS = Integer.getInteger("crossfade.list.items", 20_000);
  private static final int PIECE = 2_000;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aDirtyRangeOverALongListIsWorkedInPieces(Layout layout) throws Exception {
    try (Fixture f =
            new Fixture(
                SharedServers.mysql(), SharedServers.hbase(), layout, Duration.ofSeconds(10));
        JournaledDirtyStore store =
            JournaledDirtyStore.open(
                new DirtyStoreConfig(directory.resolve("dirty")),
                List.of(f.lane().table()),
                new SimpleMeterRegistry(),
                Incidents.NONE)) {
      f.execute(
          "INSERT INTO follower WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
              + " WHERE i + 1 < "
              + ITEMS
              + ") SELECT /*+ SET_VAR(cte_max_recursion_depth=10000000) */ 7, i, '2026-01-01', 1,"
              + " NULL FROM n");
      f.execute("INSERT INTO follower VALUES (8, 1, '2026-01-01', 1, NULL)");
      Reconciler reconciler =
          new Reconciler(
              f.lane(),
              f.link(),
              store,
              new Reconciler.Settings(
                  () -> 1000, () -> 2, new Throttle(() -> 0), Duration.ofHours(24)));
      RangeWorkers ranges = new RangeWorkers(f.lane(), store, reconciler);
      store.onEligible(table -> ranges.wake());
      ranges.start(1);
      KeyRange list = KeyRange.prefix(f.mapping().listOf(f.key(7, 0)));
      store.mark(f.lane().table(), List.of(), List.of(list, KeyRange.of(f.key(8, 1))), "test");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60 + ITEMS / 100))
          .until(() -> store.stats(f.lane().table()).ranges() == 0);
      ranges.stop(Duration.ofSeconds(10));

      piecesAreSmallAndComplete(f, layout);
      assertThat(verify(reconciler).proved()).isTrue();
      if (layout == Layout.WIDE) {
        Sabotage.orderEntry(f, row(7, 3, "2029-01-01 00:00:00.000", "1", null));
        Sabotage.counter(f, row(7, 3, DAY, "1", null), 5);
        Job found = verify(reconciler);
        assertThat(found.count(Count.STRAYS)).isEqualTo(1);
        assertThat(found.count(Count.COUNTERS)).isEqualTo(1);
        reconciler.run(new Job(Mode.REPAIR, List.of(KeyRange.ALL), 0), () -> {});
      }
      Job after = verify(reconciler);
      assertThat(after.proved()).as("%s", after.report()).isTrue();
      assertThat(after.count(Count.COMPARED)).isEqualTo(ITEMS + 1);
    }
  }

  private static Job verify(Reconciler reconciler) throws InterruptedException {
    Job job = new Job(Mode.LOOK, List.of(KeyRange.ALL), 0);
    reconciler.run(job, () -> {});
    assertThat(job.state()).isEqualTo(State.DONE);
    return job;
  }

  private static void piecesAreSmallAndComplete(Fixture f, Layout layout) throws Exception {
    int seen = 0;
    int ends = 0;
    Key key = f.key(7, 0);
    try (ItemScan scan =
        new ItemScan(f.link(), f.mapping(), f.mapping().listOf(key), new byte[0])) {
      @Nullable ScannedRow piece;
      while ((piece = scan.next()) != null) {
        assertThat(piece.items().size()).isLessThanOrEqualTo(PIECE);
        assertThat(piece.strays()).isEmpty();
        assertThat(piece.drift()).isZero();
        seen += piece.items().size();
        ends += piece.end() ? 1 : 0;
      }
    }
    assertThat(seen).isEqualTo(ITEMS);
    assertThat(ends).isEqualTo(layout == Layout.WIDE ? 1 : ITEMS);
  }
}

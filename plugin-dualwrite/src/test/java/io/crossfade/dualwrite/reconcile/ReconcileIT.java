package io.crossfade.dualwrite.reconcile;

import static io.crossfade.dualwrite.mirror.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.hbase.Intent;
import io.crossfade.dualwrite.hbase.Sabotage;
import io.crossfade.dualwrite.mirror.Brake;
import io.crossfade.dualwrite.mirror.Fixture;
import io.crossfade.dualwrite.mirror.KeyWorkers;
import io.crossfade.dualwrite.mysql.Version;
import io.crossfade.dualwrite.reconcile.Job.Count;
import io.crossfade.dualwrite.reconcile.Job.State;
import io.crossfade.sandbox.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backfill, verification, repair and dirty ranges between real servers. */
class ReconcileIT {
  private static final String DAY = "2026-01-01 00:00:00.000";

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Layout.class)
  void backfillsUnderConcurrentWriters(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout);
        JournaledDirtyStore store = store(f)) {
      fill(f, 4000);
      KeyWorkers workers = new KeyWorkers(f.lane(), store, () -> 64);
      store.onEligible(table -> workers.wake());
      workers.resize(2);
      AtomicBoolean stop = new AtomicBoolean();
      ExecutorService writers = Executors.newFixedThreadPool(2);
      List<Future<?>> running =
          List.of(
              writers.submit(() -> write(f, store, 1, stop)),
              writers.submit(() -> write(f, store, 2, stop)));
      Job backfill = run(f, store, Mode.REPAIR);
      assertThat(backfill.state()).isEqualTo(State.DONE);
      stop.set(true);
      for (Future<?> writer : running) {
        writer.get();
      }
      writers.shutdown();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> store.stats(f.lane().table()).keys() == 0);
      Job verify = run(f, store, Mode.LOOK);
      assertThat(verify.proved()).as("%s", verify.report()).isTrue();
      assertThat(verify.count(Count.COMPARED)).isGreaterThanOrEqualTo(rows(f)).isPositive();
      workers.stop(Duration.ofSeconds(10));
    }
  }

  private static long rows(Fixture f) throws Exception {
    try (Connection connection = f.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM follower")) {
      result.next();
      return result.getLong(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void findsAndRepairsPlantedDifferences(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout);
        JournaledDirtyStore store = store(f)) {
      fill(f, 500);
      run(f, store, Mode.REPAIR);
      assertThat(run(f, store, Mode.LOOK).proved()).isTrue();

      f.lane()
          .writer()
          .write(
              new Version(1, System.nanoTime()),
              List.of(new Intent(f.key(900, 1), row(900, 1, DAY, "1", null))));
      f.execute("UPDATE follower SET note='changed' WHERE user_id=1 AND follower_id<30");
      f.execute("DELETE FROM follower WHERE user_id=2 AND follower_id<30");
      f.execute("INSERT INTO follower VALUES (-5, 5, '2026-01-01', 1, NULL)");
      if (layout == Layout.WIDE) {
        Sabotage.orderEntry(f, row(3, 3, "2029-01-01 00:00:00.000", "1", null));
        Sabotage.counter(f, row(4, 4, DAY, "1", null), 3);
      }
      Job found = run(f, store, Mode.LOOK);
      assertThat(found.count(Count.DIFFERING)).isEqualTo(2 + 3 + 3);
      assertThat(found.count(Count.STRAYS)).isEqualTo(layout == Layout.WIDE ? 1 : 0);
      assertThat(found.count(Count.COUNTERS)).isEqualTo(layout == Layout.WIDE ? 1 : 0);

      run(f, store, Mode.REPAIR);
      Job after = run(f, store, Mode.LOOK);
      assertThat(after.proved()).as("%s", after.report()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aRowThatCannotBeWrittenHoldsNoBackfillUp(Layout layout) throws Exception {
    Map<String, String> small = Map.of("hbase.client.keyvalue.maxsize", "2000");
    try (Fixture f =
            new Fixture(
                SharedServers.mysql(),
                SharedServers.hbase(),
                layout,
                Duration.ofMinutes(2),
                small);
        JournaledDirtyStore store = store(f)) {
      fill(f, 500);
      f.execute("INSERT INTO follower VALUES (3, 100000, '2026-01-01', 1, REPEAT('y', 3000))");
      Job backfill = run(f, store, Mode.REPAIR);
      assertThat(backfill.state()).isEqualTo(State.DONE);
      assertThat(store.isDirty(f.lane().table(), f.key(3, 100000)))
          .as("it is dirty, so MySQL answers for it")
          .isTrue();
      assertThat(store.stats(f.lane().table()).keys()).isEqualTo(1);

      f.execute("UPDATE follower SET note='z' WHERE follower_id=100000");
      KeyWorkers workers = new KeyWorkers(f.lane(), store, () -> 64);
      store.onEligible(table -> workers.wake());
      workers.resize(1);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> store.stats(f.lane().table()).keys() == 0);
      Job verify = run(f, store, Mode.LOOK);
      assertThat(verify.proved()).as("%s", verify.report()).isTrue();
      assertThat(verify.count(Count.COMPARED)).isEqualTo(501);
      workers.stop(Duration.ofSeconds(10));
    }
  }

  @Test
  void aBackfillIsSlowedDownWhileMySqlHasTooMuchToDo() throws Exception {
    try (Fixture f = Fixture.on(Layout.TALL);
        JournaledDirtyStore store = store(f)) {
      fill(f, 1000);
      run(f, store, Mode.REPAIR);
      long free = nanos(() -> run(f, store, Mode.REPAIR));
      f.lane().brake().read(Brake.Reason.MYSQL_THREADS_RUNNING, 100, "test");
      long slowed = nanos(() -> run(f, store, Mode.REPAIR));
      assertThat(slowed).isGreaterThan(3 * free);
      assertThat(f.lane().brake().report()).containsEntry("reason", "mysql-threads-running");
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static long nanos(Action action) throws Exception {
    long from = System.nanoTime();
    action.run();
    return System.nanoTime() - from;
  }

  @Test
  void clearsADirtyRangeOnlyAfterTheWriteLifetime() throws Exception {
    Duration lifetime = Duration.ofSeconds(4);
    try (Fixture f =
            new Fixture(SharedServers.mysql(), SharedServers.hbase(), Layout.WIDE, lifetime);
        JournaledDirtyStore store = store(f)) {
      fill(f, 300);
      RangeWorkers ranges = new RangeWorkers(f.lane(), store, reconciler(f, store));
      store.onEligible(table -> ranges.wake());
      boolean late = !f.lane().writes().untilSettled().isNegative();
      store.mark(f.lane().table(), List.of(), List.of(KeyRange.ALL), "test");
      ranges.start(1);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> store.stats(f.lane().table()).ranges() == 0);
      assertThat(f.lane().writes().untilSettled().isNegative()).isTrue();
      assertThat(f.lane().notice().counted("range-second-pass")).isEqualTo(late ? 1 : 0);
      assertThat(run(f, store, Mode.LOOK).proved()).isTrue();
      ranges.stop(Duration.ofSeconds(5));
    }
  }

  @Test
  void goesOnWhereAKilledRunWasKeptLast() throws Exception {
    try (Fixture f = Fixture.on(Layout.TALL);
        JournaledDirtyStore store = store(f)) {
      fill(f, 1000);
      Job first = new Job(Mode.REPAIR, List.of(KeyRange.ALL), 1000);
      AtomicReference<byte[]> kept = new AtomicReference<>(first.toBytes());
      reconciler(f, store)
          .run(
              first,
              () -> {
                if (first.count(Count.COMPARED) <= 400) {
                  kept.set(first.toBytes());
                } else {
                  first.cancel();
                }
              });
      assertThat(first.state()).isEqualTo(State.CANCELLED);

      Job second = Job.of(Objects.requireNonNull(kept.get()));
      assertThat(second.count(Count.COMPARED)).isEqualTo(400);
      reconciler(f, store).run(second, () -> {});
      assertThat(second.state()).isEqualTo(State.DONE);
      assertThat(second.count(Count.COMPARED)).isEqualTo(1000);
      assertThat(run(f, store, Mode.LOOK).proved()).isTrue();
    }
  }

  private static Void write(Fixture f, JournaledDirtyStore store, int seed, AtomicBoolean stop)
      throws Exception {
    Random random = new Random(seed);
    try (Connection connection = f.connect();
        Statement statement = connection.createStatement()) {
      while (!stop.get()) {
        int user = random.nextInt(10);
        int follower = random.nextInt(500) * 10 + user;
        store
            .mark(f.lane().table(), List.of(f.key(user, follower)), List.of(), "early")
            .toCompletableFuture()
            .join();
        statement.executeUpdate(
            random.nextBoolean()
                ? "DELETE FROM follower WHERE user_id=" + user + " AND follower_id=" + follower
                : "REPLACE INTO follower VALUES ("
                    + user
                    + ","
                    + follower
                    + ",'2026-02-02' + INTERVAL "
                    + random.nextInt(999)
                    + " SECOND,2,NULL)");
        store.mark(f.lane().table(), List.of(f.key(user, follower)), List.of(), "late");
      }
    }
    return null;
  }

  private static void fill(Fixture f, int rows) throws Exception {
    try (Connection connection = f.connect();
        Statement statement = connection.createStatement()) {
      for (int from = 0; from < rows; from += 500) {
        StringBuilder sql = new StringBuilder("INSERT INTO follower VALUES ");
        for (int i = from; i < Math.min(rows, from + 500); i++) {
          sql.append(i == from ? "" : ",")
              .append("(" + i % 10 + "," + i + ",'2026-01-01' + INTERVAL " + i * 31 % 97)
              .append(" SECOND, 1, NULL)");
        }
        statement.executeUpdate(sql.toString());
      }
    }
  }

  private static Reconciler reconciler(Fixture f, JournaledDirtyStore store) {
    return new Reconciler(
        f.lane(),
        f.link(),
        store,
        new Reconciler.Settings(() -> 100, () -> 2, new Throttle(() -> 0), Duration.ofHours(24)));
  }

  private static Job run(Fixture f, JournaledDirtyStore store, Mode mode) throws Exception {
    Job job = new Job(mode, List.of(KeyRange.ALL), 0);
    reconciler(f, store).run(job, () -> {});
    return job;
  }

  private JournaledDirtyStore store(Fixture f) {
    return JournaledDirtyStore.open(
        new DirtyStoreConfig(directory.resolve("dirty")),
        List.of(f.lane().table()),
        new SimpleMeterRegistry(),
        Incidents.NONE);
  }
}

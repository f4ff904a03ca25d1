package io.crossfade.dualwrite;

import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.ReadShare;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.capture.CaptureTable;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Stats;
import io.crossfade.dualwrite.hbase.HBaseLink;
import io.crossfade.dualwrite.mirror.Brake;
import io.crossfade.dualwrite.mirror.KeyWorkers;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.mirror.SetAside;
import io.crossfade.dualwrite.mysql.WatchedTable;
import io.crossfade.dualwrite.reconcile.RangeWorkers;
import io.crossfade.dualwrite.reconcile.Reconciler;
import io.crossfade.dualwrite.reconcile.Sweeper;
import io.crossfade.dualwrite.reconcile.Throttle;
import io.crossfade.dualwrite.stage.Migration;
import io.crossfade.dualwrite.stage.Report;
import io.crossfade.dualwrite.stage.Stage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watched table with everything that works on it. Thread-safe. */
final class WatchedLane {
  private static final Logger LOGGER = LoggerFactory.getLogger(WatchedLane.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  private final Lane lane;
  private final DirtyStore store;
  private final KeyWorkers keys;
  private final RangeWorkers ranges;
  private final Sweeper sweeper;
  private final Migration migration;
  private volatile WatchedTable table;
  private volatile CaptureTable capture;
  private final SchemaMemory memory;
  private final Supplier<DualWriteConfig> config;
  private volatile List<String> reachedThrough = List.of();
  private volatile boolean retired;

  /** Whether the definition is another than the one mirrored. */
  private boolean held;

  WatchedLane(
      WatchedTable table,
      Lane lane,
      HBaseLink link,
      DirtyStore store,
      Supplier<DualWriteConfig> config,
      Supplier<Optional<ReadShare>> reads,
      Report report) {
    this.table = table;
    this.lane = lane;
    this.store = store;
    this.memory = new SchemaMemory(store);
    this.config = config;
    this.capture = known(table, lane);
    this.keys = new KeyWorkers(lane, store, () -> config.get().batch());
    Reconciler reconciler =
        new Reconciler(
            lane,
            link,
            store,
            new Reconciler.Settings(
                () -> config.get().reconcile().chunk(),
                () -> config.get().reconcile().parallel(),
                new Throttle(() -> config.get().reconcile().rowsPerSecond()),
                config.get().retention()));
    this.sweeper =
        new Sweeper(
            lane,
            link,
            new Throttle(() -> config.get().reconcile().sweepCellsPerSecond()),
            config.get().hbase().deadline().plus(config.get().writeLifetime()),
            config.get().retention());
    this.ranges = new RangeWorkers(lane, store, reconciler);
    this.migration =
        new Migration(lane, store, reconciler, () -> this.table.estimatedRows(), reads, report);
    migration.onRetired(this::retire);
  }

  private static CaptureTable known(WatchedTable table, Lane lane) {
    return new CaptureTable(
        table.name(),
        lane.mapping(),
        table.otherUniqueKeys(),
        table.beforeInsertTrigger(),
        table.beforeUpdateTrigger(),
        table.generatedKeys());
  }

  void start(DualWriteConfig config, MeterRegistry meters) {
    String name = lane.table().toString();
    Gauge.builder("crossfade.mirror.lag", this, w -> w.lagMillis() / 1e3)
        .description("Age of the oldest dirty entry, seconds")
        .tag("table", name)
        .register(meters);
    Gauge.builder("crossfade.mirror.paused", lane, l -> l.health().paused().isPresent() ? 1 : 0)
        .description("Whether the mirror stands still")
        .tag("table", name)
        .register(meters);
    gauges(name, meters);
    if (migration.stage() == Stage.RETIRED) {
      retire();
      return;
    }
    keys.resize(config.workers());
    ranges.start(config.reconcile().parallel());
    migration.resume();
    sweeper.start();
  }

  private void gauges(String name, MeterRegistry meters) {
    Gauge.builder("crossfade.mirror.workers", this, WatchedLane::workers)
        .description("Workers that may work at once now")
        .tag("table", name)
        .register(meters);
    Gauge.builder("crossfade.mirror.set.aside", keys.setAside(), SetAside::size)
        .description("Dirty keys that failed by themselves and are tried again later")
        .tag("table", name)
        .register(meters);
    for (Brake.Reason reason : Brake.Reason.values()) {
      for (Brake.Work work : Brake.Work.values()) {
        Gauge.builder("crossfade.mirror.throttle", lane, l -> l.brake().factor(reason, work))
            .description("Share of its full speed that the work has; 1 = not slowed down")
            .tag("table", name)
            .tag("reason", reason.token())
            .tag("work", work.token())
            .register(meters);
      }
    }
  }

  private int workers() {
    double factor = lane.brake().factor(Brake.Work.MIRROR);
    return Math.max(1, (int) (keys.pace().limit() * factor));
  }

  /** Tries the keys that were set aside again now. */
  Map<String, Object> retry() {
    int tried = keys.setAside().retryNow();
    keys.wake();
    return Map.of("retried", tried);
  }

  private void retire() {
    retired = true;
    lane.health().stop();
    LOGGER
        .atInfo()
        .addKeyValue("table", lane.table())
        .log("The table is retired, its mirror stopped");
  }

  void wake() {
    keys.wake();
    ranges.wake();
  }

  void resize(int workers) {
    if (!retired) {
      keys.resize(workers);
    }
  }

  /**
   * MySQL's schema as it is now; empty when the table is gone or cannot be mirrored any more.
   *
   * @return whether something may have changed rows unseen until now: a trigger or a unique key of
   *     which nothing was known
   */
  boolean seen(Optional<WatchedTable> now) {
    if (retired) {
      return false;
    }
    if (now.isEmpty()) {
      hold("schema-unfit");
      return false;
    }
    if (now.get().schema().equals(lane.mapping().schema())) {
      CaptureTable before = capture;
      table = now.get();
      capture = known(table, lane);
      if (held) {
        memory.markAll(lane.mapping());
        memory.remember(lane.mapping());
        held = false;
      }
      lane.health().block(null);
      return capture.lessCertainThan(before);
    }
    SchemaChange change = SchemaChange.of(lane.mapping(), now.get().schema());
    TableMapping next = change.next();
    String obstacle = change.obstacle();
    if (config.get().ddl(name()) != DdlPolicy.MIRROR) {
      hold("schema-changed");
    } else if (next == null) {
      hold(obstacle == null ? "schema-changed" : obstacle);
    } else {
      follow(now.get(), next);
    }
    return false;
  }

  private void hold(String why) {
    held = true;
    capture = CaptureTable.unknown(lane.table());
    lane.health().block(why);
  }

  /**
   * Goes over to the new mapping. The first mark, made while no worker begins anything, tells
   * readers that what they read under the old one is not current; the second is cleared only by a
   * pass that began after every write under the old one had ended.
   */
  private void follow(WatchedTable now, TableMapping next) {
    held = true;
    lane.health().block("schema-changing");
    capture = CaptureTable.unknown(lane.table());
    memory.markAll(next);
    String columns = names(lane.mapping()) + " to " + names(next);
    lane.remap(next);
    memory.markAll(next);
    memory.remember(next);
    table = now;
    capture = known(now, lane);
    held = false;
    lane.notice().count("schema-followed", 1);
    lane.notice().incident("schema-followed", "the mapping follows MySQL, from " + columns);
    migration.noted("the table's definition changed, from " + columns);
    lane.health().block(null);
    wake();
  }

  private static List<String> names(TableMapping mapping) {
    return mapping.schema().columns().stream().map(c -> c.name()).toList();
  }

  /** What the table may be changed through, besides its own name. */
  void reachedThrough(Collection<String> things) {
    for (String thing : things) {
      if (thing.startsWith("event ") && !reachedThrough.contains(thing)) {
        lane.notice()
            .incident(
                "event",
                thing
                    + " may change the table: what it changes is found by the binlog witness, or by a repair");
      }
    }
    reachedThrough = List.copyOf(things);
  }

  CaptureTable capture() {
    return capture;
  }

  Lane lane() {
    return lane;
  }

  TableName name() {
    return lane.table();
  }

  Migration migration() {
    return migration;
  }

  long lagMillis() {
    return store.stats(lane.table()).oldestMillis();
  }

  /** As {@code MirrorState.unreadable}. */
  Optional<String> unreadable() {
    if (retired) {
      return Optional.empty();
    }
    if (!migration.stage().proved()) {
      return Optional.of("not-verified");
    }
    return lane.health().paused().map(reason -> "mirror-paused");
  }

  Map<String, Object> status() {
    Stats stats = store.stats(lane.table());
    Map<String, Object> map = new LinkedHashMap<>(migration.status());
    map.put("dirtyKeys", stats.keys());
    map.put("dirtyRanges", stats.ranges());
    map.put("lagMillis", stats.oldestMillis());
    map.put("paused", lane.health().paused().orElse(""));
    map.put("ddl", config.get().ddl(name()).toString().toLowerCase(Locale.ROOT));
    map.put("reachedThrough", reachedThrough);
    map.put("workers", workers());
    map.put("throttled", lane.brake().report());
    map.put("setAside", keys.setAside().report());
    map.put("written", lane.notice().counted("written"));
    map.put("late", lane.notice().counted("superseded"));
    map.put("abandoned", lane.notice().counted("abandoned"));
    map.put("counts", lane.notice().counts());
    map.put("incidents", lane.notice().incidents());
    return map;
  }

  void stop() throws InterruptedException {
    lane.health().stop();
    keys.stop(STOP_LIMIT);
    ranges.stop(STOP_LIMIT);
    migration.stop(STOP_LIMIT);
    sweeper.stop(STOP_LIMIT);
    try {
      if (lane.writes().awaitEarlier(Duration.ofSeconds(1))) {
        lane.versions().release();
      }
    } catch (IOException e) {
      lane.notice().abnormal("reservation-kept", 1, "the next start may wait for the clock: " + e);
    }
  }
}

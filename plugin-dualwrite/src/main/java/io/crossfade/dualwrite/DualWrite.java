package io.crossfade.dualwrite;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.plugin.ReadShare;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.capture.CaptureCatalogue;
import io.crossfade.dualwrite.capture.CaptureInterceptor;
import io.crossfade.dualwrite.capture.CaptureMetrics;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.DirtyStoreException;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.dirty.kafka.KafkaOpener;
import io.crossfade.dualwrite.hbase.HBaseLink;
import io.crossfade.dualwrite.hbase.HBaseSettings;
import io.crossfade.dualwrite.hbase.HBaseTables;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.mirror.LoadWatch;
import io.crossfade.dualwrite.mirror.MySqlLoad;
import io.crossfade.dualwrite.mirror.SessionMonitor;
import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.dualwrite.mysql.Primary;
import io.crossfade.dualwrite.mysql.ReachReader;
import io.crossfade.dualwrite.mysql.SchemaReader;
import io.crossfade.dualwrite.mysql.WatchedTable;
import io.crossfade.dualwrite.stage.Migration;
import io.crossfade.dualwrite.stage.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running plugin. Thread-safe. */
final class DualWrite implements MirrorState, Incidents {
  private static final Logger LOGGER = LoggerFactory.getLogger(DualWrite.class);
  private static final Duration HBASE_START_LIMIT = Duration.ofSeconds(15);
  private static final String PRIMARY = "primary";
  private static final String PREPARED = "hbase-prepared/";

  private final PluginContext context;
  private final MySqlPool pool;
  private final HBaseLink link;
  private final DirtyStore store;
  private final Primary primary;
  private final CaptureMetrics captureMetrics;
  private final Map<TableName, WatchedLane> lanes = new LinkedHashMap<>();
  private final MySqlLoad load;
  private final LoadWatch loadWatch;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "dual-write-timer");
            thread.setDaemon(true);
            return thread;
          });
  private volatile DualWriteConfig config;
  private volatile CaptureCatalogue catalogue;
  private volatile boolean inDebt;

  /** Starts the plugin; blocks until the relay may capture. */
  static DualWrite start(PluginContext context, DualWriteConfig config) throws PluginException {
    MySqlPool pool =
        new MySqlPool(
            context.mysql(),
            config.mysql().user(),
            config.mysql().password(),
            config.mysql().connections());
    boolean started = false;
    try {
      Source source = Source.look(pool, context.mysql(), context.tables());
      DualWrite plugin = new DualWrite(context, config, pool, source);
      try {
        plugin.prepareHBase();
        plugin.begin();
        started = true;
        return plugin;
      } finally {
        if (!started) {
          plugin.close();
        }
      }
    } finally {
      if (!started) {
        pool.close();
      }
    }
  }

  private DualWrite(PluginContext context, DualWriteConfig config, MySqlPool pool, Source source)
      throws PluginException {
    this.context = context;
    this.config = config;
    this.pool = pool;
    this.captureMetrics = new CaptureMetrics(context.meters());
    this.link =
        new HBaseLink(
            new HBaseSettings(
                config.hbase().bootstrapServers(),
                config.hbase().zookeeperQuorum(),
                config.hbase().properties(),
                config.hbase().deadline(),
                config.hbase().metaTable()));
    link.onConnected(made -> context.publish(AsyncConnection.class, made));
    Path directory =
        config.dirty().directory().isEmpty()
            ? context.dataDirectory().resolve("dirty")
            : Path.of(config.dirty().directory());
    List<TableName> names = source.tables().keySet().stream().map(WatchedTable::name).toList();
    try {
      this.store =
          openStore(
              new DirtyStoreConfig(
                  directory,
                  config.dirty().stallLimit(),
                  DirtyStoreConfig.FLAG_LIMIT,
                  config.dirty().onFailure()),
              names);
    } catch (DirtyStoreException e) {
      throw new PluginException(String.valueOf(e.getMessage()), e);
    }
    String known =
        store
            .get(PRIMARY)
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .orElse(source.serverUuid());
    this.primary = new Primary(known, this::primaryChanged);
    Report report = new Report(context.dataDirectory().resolve("reports"));
    source
        .tables()
        .forEach(
            (table, mapping) -> {
              Lane lane =
                  new Lane(mapping, pool, link, primary, config.writeLifetime(), context.meters());
              lane.prepareFirst(() -> prepare(mapping));
              lanes.put(
                  table.name(),
                  new WatchedLane(
                      table,
                      lane,
                      link,
                      store,
                      () -> this.config,
                      () -> context.find(ReadShare.class),
                      report));
            });
    this.load = new MySqlLoad(pool, config.mysql().user(), config.mysql().password());
    this.loadWatch =
        new LoadWatch(
            load,
            () -> this.config.throttle().limits(),
            lanes.values().stream().map(lane -> lane.lane().brake()).toList());
    this.catalogue =
        new CaptureCatalogue(
            source.serverUuid(),
            lanes.values().stream().map(WatchedLane::capture).toList(),
            Map.of(),
            lanes.keySet());
    if (known.equals(source.serverUuid())) {
      store.put(PRIMARY, known.getBytes(StandardCharsets.UTF_8));
    } else {
      primary.adopt(source.serverUuid());
    }
  }

  private DirtyStore openStore(DirtyStoreConfig settings, List<TableName> names) {
    return switch (config.dirty().store()) {
      case ROCKSDB -> JournaledDirtyStore.open(settings, names, context.meters(), this);
      case KAFKA ->
          JournaledDirtyStore.open(
              settings,
              new KafkaOpener(config.dirty().kafka().settings()),
              names,
              context.meters(),
              this);
    };
  }

  private void prepare(TableMapping mapping) throws IOException, PluginException {
    HBaseTables tables = new HBaseTables(link);
    tables.ensureMeta();
    tables.ensure(mapping);
    store.put(PREPARED + mapping.config().hbaseTable(), new byte[] {1});
  }

  /** A first start needs HBase; a later one goes on without it and tries in the background. */
  private void prepareHBase() throws PluginException {
    if (!Boolean.TRUE.equals(config.hbase().requireAtStart())) {
      return;
    }
    long deadline = System.nanoTime() + HBASE_START_LIMIT.toNanos();
    for (WatchedLane lane : lanes.values()) {
      String table = lane.lane().mapping().config().hbaseTable();
      if (store.get(PREPARED + table).isEmpty()) {
        prepareBy(lane, deadline);
      }
    }
  }

  private void prepareBy(WatchedLane lane, long deadline) throws PluginException {
    while (true) {
      try {
        lane.lane().prepare();
        return;
      } catch (PluginException e) {
        throw e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PluginException("interrupted while HBase was looked at", e);
      } catch (Exception e) {
        if (System.nanoTime() >= deadline) {
          throw new PluginException(
              "HBase at "
                  + config.hbase().bootstrapServers()
                  + config.hbase().zookeeperQuorum()
                  + " cannot be used: "
                  + e.getMessage()
                  + ". Start it, correct hbase.bootstrap-servers, or set hbase.require-at-start:"
                  + " false to begin without it",
              e);
        }
        link.reset();
      }
    }
  }

  private void begin() {
    refresh();
    store.onEligible(
        table -> {
          WatchedLane lane = lanes.get(table);
          if (lane != null) {
            lane.wake();
          }
        });
    lanes.values().forEach(lane -> lane.start(config, context.meters()));
    SessionMonitor monitor = new SessionMonitor(pool, primary, store);
    timer.scheduleWithFixedDelay(guarded(monitor::round), 0, 1, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(guarded(this::refresh), 10, 10, TimeUnit.SECONDS);
    loadWatch.start();
    context.publish(MirrorState.class, this);
    context.status("mirror", table -> lanes.containsKey(table) ? lane(table).status() : Map.of());
    context.readiness("mirror", this::notReady);
    command("backfill", (m, arguments) -> m.backfill(lists(arguments)));
    command("verify", (m, arguments) -> m.verify());
    command("repair", (m, arguments) -> m.repair());
    command("cancel", (m, arguments) -> m.cancel());
    command("cleanup", (m, arguments) -> m.cleanup());
    command("retire", (m, arguments) -> m.retire(arguments.getOrDefault("confirm", "")));
    command("back", (m, arguments) -> m.back());
    context.command("retry", (table, arguments) -> watched(table).retry());
  }

  private interface Order {
    Map<String, Object> give(Migration migration, Map<String, String> arguments)
        throws PluginException;
  }

  private void command(String name, Order order) {
    context.command(
        name,
        (table, arguments) -> {
          return order.give(watched(table).migration(), arguments);
        });
  }

  private WatchedLane watched(TableName table) throws PluginException {
    WatchedLane lane = lanes.get(table);
    if (lane == null) {
      throw new PluginException(table + " is not a watched table");
    }
    return lane;
  }

  private static List<String> lists(Map<String, String> arguments) {
    String lists = arguments.getOrDefault("lists", "");
    return lists.isEmpty() ? List.of() : List.of(lists.split(",", -1));
  }

  private WatchedLane lane(TableName table) {
    WatchedLane lane = lanes.get(table);
    if (lane == null) {
      throw new IllegalArgumentException(table + " is not watched");
    }
    return lane;
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOGGER.atError().setCause(e).log("A periodic task failed and will be run again");
      }
    };
  }

  private Optional<String> notReady() {
    for (WatchedLane lane : lanes.values()) {
      Optional<String> paused = lane.lane().health().paused();
      if (paused.isPresent()) {
        return Optional.of(lane.name() + ": " + paused.get());
      }
    }
    return inDebt ? Optional.of("dirty store in debt") : Optional.empty();
  }

  /** Learns schemas and names that reach the tables anew. */
  private void refresh() {
    try {
      ReachReader.Reach reach =
          pool.with(
              connection -> {
                for (WatchedLane lane : lanes.values()) {
                  lane.seen(SchemaReader.read(connection, lane.name(), new ArrayList<>()));
                }
                return ReachReader.read(connection, lanes.keySet());
              });
      catalogue =
          new CaptureCatalogue(
              primary.uuid(),
              lanes.values().stream().map(WatchedLane::capture).toList(),
              reach.names(),
              reach.throughFunctions());
      context.reachedThrough(new HashMap<>(reach.names()));
    } catch (SQLException | IOException e) {
      LOGGER.atWarn().addKeyValue("cause", e.toString()).log("The catalogue was not refreshed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The failover rule: nothing HBase holds is trusted until it was read anew from the new primary.
   */
  private void primaryChanged(String old, String next) {
    for (WatchedLane lane : lanes.values()) {
      lane.lane()
          .notice()
          .incident(
              "primary-changed", "from " + old + " to " + next + ": the whole table is dirty");
      try {
        store
            .mark(lane.name(), List.of(), List.of(KeyRange.ALL), "failover")
            .toCompletableFuture()
            .join();
      } catch (CompletionException e) {
        throw new IllegalStateException("the failover could not be recorded", e);
      }
    }
    store.put(PRIMARY, next.getBytes(StandardCharsets.UTF_8));
    CaptureCatalogue before = catalogue;
    if (before != null) {
      timer.execute(guarded(this::refresh));
    }
    pool.drop();
  }

  Interceptor open(SessionView session) {
    return new CaptureInterceptor(session, store, () -> catalogue, captureMetrics);
  }

  List<String> reload(DualWriteConfig next) {
    List<String> restart = config.restartNeeded(next);
    if (restart.isEmpty()) {
      config = next;
      lanes.values().forEach(lane -> lane.resize(next.workers()));
    }
    return restart;
  }

  void close() {
    timer.shutdownNow();
    for (WatchedLane lane : lanes.values()) {
      lane.lane().health().stop();
    }
    try {
      for (WatchedLane lane : lanes.values()) {
        lane.stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loadWatch.stop();
    load.close();
    store.close();
    link.close();
    pool.close();
  }

  // --- MirrorState ---

  @Override
  public Optional<TableMapping> mapping(TableName table) {
    return Optional.ofNullable(lanes.get(table)).map(lane -> lane.lane().mapping());
  }

  @Override
  public Optional<String> unreadable(TableName table) {
    WatchedLane lane = lanes.get(table);
    return lane == null ? Optional.of("not-watched") : lane.unreadable();
  }

  @Override
  public Optional<Ticket> clean(TableName table, List<KeyRange> ranges) {
    return store.clean(table, ranges);
  }

  @Override
  public boolean stillClean(Ticket ticket) {
    return store.stillClean(ticket);
  }

  @Override
  public long lagMillis(TableName table) {
    return store.stats(table).oldestMillis();
  }

  // --- Incidents of the dirty store ---

  @Override
  public void debt(String reason) {
    inDebt = true;
    tell(
        "debt",
        "the dirty store stalls (" + reason + "); writes go on, everything counts as dirty");
  }

  @Override
  public void debtPaid() {
    inDebt = false;
    tell("debt-paid", "the dirty store works again");
  }

  @Override
  public void unrecorded(String reason) {
    tell("unrecorded", "changes may be lost to the mirror (" + reason + "): backfill again");
    timer.execute(
        guarded(() -> lanes.values().forEach(l -> l.migration().distrust("unrecorded changes"))));
  }

  private void tell(String what, String message) {
    lanes.values().forEach(lane -> lane.lane().notice().incident(what, message));
  }
}

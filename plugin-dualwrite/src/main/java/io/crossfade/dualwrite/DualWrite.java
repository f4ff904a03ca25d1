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
import io.crossfade.dualwrite.capture.Announcements;
import io.crossfade.dualwrite.capture.CaptureCatalogue;
import io.crossfade.dualwrite.capture.CaptureInterceptor;
import io.crossfade.dualwrite.capture.CaptureMetrics;
import io.crossfade.dualwrite.capture.CaptureReport;
import io.crossfade.dualwrite.capture.Declined;
import io.crossfade.dualwrite.capture.Defining;
import io.crossfade.dualwrite.capture.Definitions;
import io.crossfade.dualwrite.capture.Definitions.Sure;
import io.crossfade.dualwrite.capture.Unlogged;
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
import io.crossfade.dualwrite.witness.Witness;
import io.crossfade.dualwrite.witness.WitnessId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running plugin. Thread-safe. */
final class DualWrite implements MirrorState, Incidents {
  private static final Logger LOGGER = LoggerFactory.getLogger(DualWrite.class);
  private static final Duration HBASE_START_LIMIT = Duration.ofSeconds(15);
  private static final String PRIMARY = "primary";
  private static final String PREPARED = "hbase-prepared/";

  /** How often the catalogue is read, whether or not something was seen to change it. */
  private static final Duration REFRESH = Duration.ofSeconds(10);

  private final PluginContext context;
  private final MySqlPool pool;
  private final HBaseLink link;
  private final DirtyStore store;
  private final Primary primary;
  private final CaptureMetrics captureMetrics;
  private final CaptureReport captureReport = new CaptureReport();
  private final CaptureInterceptor.Shared capture;
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
  private final Definitions definitions = new Definitions(this::unsure, () -> soon(this::refresh));
  private final Defining defining = new Defining(definitions, this::refreshSoon, this::refusing);
  private final ReentrantLock refreshing = new ReentrantLock();
  private volatile CaptureCatalogue catalogue;
  private volatile ReachReader.@Nullable Reach reach;
  private volatile Map<String, Set<TableName>> told = Map.of();
  private volatile boolean refreshDue;
  private volatile long refreshedNanos;
  private volatile boolean inDebt;
  private volatile @Nullable Witness witness;

  /** Starts the plugin; blocks until the relay may capture. */
  static DualWrite start(PluginContext context, DualWriteConfig config) throws PluginException {
    return start(context, config, UnaryOperator.identity());
  }

  /** The same with a store that tells what it is told. */
  static DualWrite start(
      PluginContext context, DualWriteConfig config, UnaryOperator<DirtyStore> observed)
      throws PluginException {
    MySqlPool pool =
        new MySqlPool(
            context.mysql(),
            config.mysql().user(),
            config.mysql().password(),
            config.mysql().connections());
    boolean started = false;
    try {
      Source source =
          Source.look(
              pool,
              context.mysql(),
              context.tables(),
              Boolean.TRUE.equals(config.witness().enabled()));
      DualWrite plugin = new DualWrite(context, config, pool, source, observed);
      try {
        plugin.prepareHBase();
        plugin.witness();
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

  private DualWrite(
      PluginContext context,
      DualWriteConfig config,
      MySqlPool pool,
      Source source,
      UnaryOperator<DirtyStore> observed)
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
          observed.apply(
              openStore(
                  new DirtyStoreConfig(
                      directory,
                      config.dirty().stallLimit(),
                      DirtyStoreConfig.FLAG_LIMIT,
                      config.dirty().onFailure()),
                  names));
    } catch (DirtyStoreException e) {
      throw new PluginException(String.valueOf(e.getMessage()), e);
    }
    String known =
        store
            .get(PRIMARY)
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .orElse(source.serverUuid());
    this.primary = new Primary(known, this::primaryChanged);
    Set<TableName> redefined = redefined(source);
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
              if (redefined.contains(table.name())) {
                lane.notice()
                    .incident(
                        "schema-at-start",
                        "the table's columns changed while it was not mirrored: it is written anew");
              }
            });
    this.load = new MySqlLoad(pool, config.mysql().user(), config.mysql().password());
    this.loadWatch =
        new LoadWatch(
            load,
            () -> this.config.throttle().limits(),
            lanes.values().stream().map(lane -> lane.lane().brake()).toList());
    this.capture =
        new CaptureInterceptor.Shared(
            store,
            () -> catalogue,
            defining,
            captureMetrics,
            captureReport,
            new Declined(),
            () -> this.config.capture().asks(),
            this::announcements);
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

  /** The tables whose columns have changed since HBase was last written to. */
  private Set<TableName> redefined(Source source) throws PluginException {
    SchemaMemory memory = new SchemaMemory(store);
    Set<TableName> redefined = new HashSet<>();
    try {
      for (TableMapping mapping : source.tables().values()) {
        if (memory.starts(mapping)) {
          redefined.add(mapping.table());
        }
      }
    } catch (PluginException e) {
      store.close();
      link.close();
      throw e;
    }
    return redefined;
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

  /** Must know of each session, so begins before there is any. */
  private void witness() throws PluginException {
    if (!Boolean.TRUE.equals(config.witness().enabled())) {
      return;
    }
    Witness made =
        new Witness(
            new Witness.Settings(
                context.mysql(),
                config.mysql().user(),
                config.mysql().password(),
                WitnessId.of(config.witness().serverId(), store),
                config.witness().announcements()),
            pool,
            primary,
            store,
            lanes.values().stream().map(WatchedLane::lane).toList(),
            context.meters());
    witness = made;
    try {
      made.start();
    } catch (SQLException | IOException e) {
      throw new PluginException("the binlog witness cannot begin: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginException("interrupted while the binlog was looked at", e);
    }
    context.status("witness", made::status);
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
    timer.scheduleWithFixedDelay(guarded(this::refreshIfDue), 1, 1, TimeUnit.SECONDS);
    loadWatch.start();
    context.publish(MirrorState.class, this);
    context.status("mirror", table -> lanes.containsKey(table) ? lane(table).status() : Map.of());
    context.status("capture", captureReport::of);
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

  private void refreshSoon() {
    refreshDue = true;
  }

  private void refreshIfDue() {
    if (refreshDue
        || definitions.sure() != Sure.KNOWN
        || System.nanoTime() - refreshedNanos > REFRESH.toNanos()) {
      refresh();
    }
  }

  /** Learns schemas and names that reach the tables anew. */
  void refresh() {
    refreshing.lock();
    try {
      refreshDue = false;
      long look = definitions.look();
      Map<WatchedLane, Optional<WatchedTable>> schemas = new LinkedHashMap<>();
      ReachReader.Reach now =
          pool.with(
              connection -> {
                for (WatchedLane lane : lanes.values()) {
                  schemas.put(lane, SchemaReader.read(connection, lane.name(), new ArrayList<>()));
                }
                return ReachReader.read(connection, lanes.keySet());
              });
      Set<TableName> reachedUnseen = grown(now);
      schemas.forEach(
          (lane, schema) -> {
            if (lane.seen(schema)) {
              reachedUnseen.add(lane.name());
            }
            lane.reachedThrough(now.listed().getOrDefault(lane.name(), Set.of()));
          });
      reachedUnseen.forEach(this::markUnseen);
      definitions.settle(look, sure -> publish(now, sure));
      refreshedNanos = System.nanoTime();
    } catch (SQLException | IOException e) {
      captureMetrics.abnormal("catalogue-not-read");
      LOGGER.atWarn().addKeyValue("cause", e.toString()).log("The catalogue was not refreshed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      refreshing.unlock();
    }
  }

  /** Tables that can be reached now by a name by which they could not when last looked at. */
  private Set<TableName> grown(ReachReader.Reach now) {
    Set<TableName> grown = new HashSet<>();
    ReachReader.Reach before = reach;
    if (before != null) {
      now.names()
          .forEach(
              (name, tables) -> {
                Set<TableName> more = new HashSet<>(tables);
                more.removeAll(before.names().getOrDefault(name, Set.of()));
                grown.addAll(more);
              });
    }
    return grown;
  }

  /** A statement that was on its way may have changed the table before anybody knew that it can. */
  private void markUnseen(TableName table) {
    captureMetrics.abnormal("reach-grew");
    store.mark(table, List.of(), List.of(KeyRange.ALL), "reach-grew").toCompletableFuture().join();
  }

  private void publish(ReachReader.Reach now, Sure sure) {
    reach = now;
    catalogue =
        new CaptureCatalogue(
            primary.uuid(),
            lanes.values().stream().map(WatchedLane::capture).toList(),
            now.names(),
            now.throughFunctions(),
            now.byReading(),
            sure);
    tellRelay(now.names(), sure);
  }

  private void unsure(Sure sure) {
    catalogue = catalogue.with(sure);
    ReachReader.Reach known = reach;
    tellRelay(known == null ? Map.of() : known.names(), sure);
  }

  /** While it is not sure what reaches the tables, every statement is to be looked at. */
  private void tellRelay(Map<String, Set<TableName>> names, Sure sure) {
    Map<String, Set<TableName>> all = new HashMap<>(names);
    if (sure != Sure.KNOWN) {
      all.put("", lanes.keySet());
    }
    if (Boolean.TRUE.equals(config.witness().enabled())) {
      Unlogged.VARIABLES.forEach(name -> all.put(name, Set.of()));
    }
    if (!all.equals(told)) {
      told = all;
      context.reachedThrough(all);
    }
  }

  private List<TableName> refusing() {
    DualWriteConfig now = config;
    return now.tables().keySet().stream()
        .filter(table -> now.ddl(table) == DdlPolicy.REFUSE)
        .toList();
  }

  private void soon(Runnable task) {
    if (!timer.isShutdown()) {
      timer.execute(guarded(task));
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

  private Announcements announcements() {
    Witness w = witness;
    return w == null ? Announcements.NONE : w.announcements();
  }

  Interceptor open(SessionView session) {
    return new CaptureInterceptor(session, capture);
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
    Witness w = witness;
    if (w != null) {
      w.close();
    }
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
    if (lane == null) {
      return Optional.of("not-watched");
    }
    return definitions.sure() == Sure.KNOWN ? lane.unreadable() : Optional.of("definition");
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

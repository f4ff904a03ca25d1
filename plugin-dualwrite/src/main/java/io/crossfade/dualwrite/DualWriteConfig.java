package io.crossfade.dualwrite;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig.WhenUnrecordable;
import io.crossfade.dualwrite.dirty.kafka.KafkaSettings;
import io.crossfade.dualwrite.mirror.LoadWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code plugins.dualwrite}. What is missing gets the default; 0 stands for "missing"
 * where 0 makes no sense.
 *
 * @param mysql the account the mirror reads with
 * @param hbase where HBase is
 * @param dirty the dirty store
 * @param reconcile rates of backfill, verification and repair; followed by a reload
 * @param workers re-reading threads per table, default 2; followed by a reload
 * @param batch keys re-read by one statement, default 256; followed by a reload
 * @param writeLifetime after which an abandoned write can no longer land, default 2 m
 * @param retention how long a soft deletion stays in HBase, default 24 h
 * @param throttle when work is slowed down; followed by a reload
 * @param capture how the keys of statements are found; followed by a reload
 * @param witness whether and how the binlog is read beside the capture
 * @param tables what is particular to single tables; followed by a reload
 */
public record DualWriteConfig(
    MySql mysql,
    HBase hbase,
    Dirty dirty,
    Reconcile reconcile,
    int workers,
    int batch,
    Duration writeLifetime,
    Duration retention,
    Throttle throttle,
    Capture capture,
    Witness witness,
    Map<TableName, Table> tables) {

  /** Puts the defaults in. */
  public DualWriteConfig {
    mysql = mysql == null ? new MySql("", "", 0) : mysql;
    hbase = hbase == null ? new HBase("", "", Map.of(), null, "", null) : hbase;
    dirty = dirty == null ? new Dirty(null, null, null, null, null) : dirty;
    reconcile = reconcile == null ? new Reconcile(0, 0, 0, 0) : reconcile;
    workers = workers == 0 ? 2 : workers;
    batch = batch == 0 ? 256 : batch;
    writeLifetime = Objects.requireNonNullElse(writeLifetime, Duration.ofMinutes(2));
    retention = Objects.requireNonNullElse(retention, Duration.ofHours(24));
    throttle = throttle == null ? new Throttle(null, null, null) : throttle;
    capture = capture == null ? new Capture(null) : capture;
    witness = witness == null ? new Witness(null, 0, 0) : witness;
    tables = tables == null ? Map.of() : Map.copyOf(tables);
  }

  /**
   * How the keys of statements are found.
   *
   * @param ask whether MySQL is asked, inside transactions, for the keys of an UPDATE or DELETE
   *     that does not name them, default true
   */
  public record Capture(@Nullable Boolean ask) {
    boolean asks() {
      return ask == null || ask;
    }
  }

  /**
   * What is particular to one table.
   *
   * @param ddl what becomes of a change of its definition, default mirror
   */
  public record Table(DdlPolicy ddl) {
    /** Puts the defaults in. */
    public Table {
      ddl = ddl == null ? DdlPolicy.MIRROR : ddl;
    }
  }

  /** What becomes of a change of the table's definition. */
  DdlPolicy ddl(TableName table) {
    Table own = tables.get(table);
    return own == null ? DdlPolicy.MIRROR : own.ddl();
  }

  /**
   * The account the mirror reads MySQL with: SELECT on the watched tables; PROCESS, SHOW VIEW,
   * TRIGGER, SHOW_ROUTINE and XA_RECOVER_ADMIN on everything; to be told of events EVENT.
   *
   * @param user its name
   * @param password its password
   * @param connections how many connections the mirror may keep, default 8
   */
  public record MySql(String user, String password, int connections) {
    /** Puts the defaults in. */
    public MySql {
      user = Objects.requireNonNullElse(user, "");
      password = Objects.requireNonNullElse(password, "");
      connections = connections == 0 ? 8 : connections;
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "MySql[user=" + user + ", connections=" + connections + "]";
    }
  }

  /**
   * Where HBase is.
   *
   * @param bootstrapServers {@code host:port,…} of masters or region servers; no ZooKeeper needed
   * @param zookeeperQuorum {@code host:port,…}, the other way to find the cluster
   * @param properties further client settings, they win
   * @param requireAtStart whether a first start fails without HBase, default true
   * @param metaTable the table of reserved versions, default {@code crossfade_meta}
   * @param deadline after which one operation fails, default 10 s; also how old a version may be
   *     when its write is sent
   */
  public record HBase(
      String bootstrapServers,
      String zookeeperQuorum,
      Map<String, String> properties,
      @Nullable Boolean requireAtStart,
      String metaTable,
      Duration deadline) {
    /** Puts the defaults in. */
    @SuppressWarnings("NullAway") // the deadline is given a value here
    public HBase(
        @Nullable String bootstrapServers,
        @Nullable String zookeeperQuorum,
        @Nullable Map<String, String> properties,
        @Nullable Boolean requireAtStart,
        @Nullable String metaTable,
        @Nullable Duration deadline) {
      this.bootstrapServers = Objects.requireNonNullElse(bootstrapServers, "");
      this.zookeeperQuorum = Objects.requireNonNullElse(zookeeperQuorum, "");
      this.properties = properties == null ? Map.of() : Map.copyOf(properties);
      this.requireAtStart = requireAtStart == null || requireAtStart;
      this.metaTable = metaTable == null || metaTable.isEmpty() ? "crossfade_meta" : metaTable;
      this.deadline = Objects.requireNonNullElse(deadline, Duration.ofSeconds(10));
    }
  }

  /**
   * The dirty store.
   *
   * @param directory where it, or at least its debt flag, lives; empty: in the plugin's data
   *     directory
   * @param stallLimit how long a write may wait for it before the debt flag is set, default 200 ms,
   *     at most 5 s: with the flag's own limit below the time after which the relay forwards
   *     without an answer
   * @param onFailure what becomes of a write that can be recorded nowhere, default refuse
   * @param store where the records are, default rocksdb
   * @param kafka for the store kafka: where that is
   */
  public record Dirty(
      String directory, Duration stallLimit, WhenUnrecordable onFailure, Store store, Kafka kafka) {
    /** Puts the defaults in. */
    public Dirty(
        @Nullable String directory,
        @Nullable Duration stallLimit,
        @Nullable WhenUnrecordable onFailure,
        @Nullable Store store,
        @Nullable Kafka kafka) {
      this.directory = Objects.requireNonNullElse(directory, "");
      this.stallLimit = Objects.requireNonNullElse(stallLimit, Duration.ofMillis(200));
      this.onFailure = Objects.requireNonNullElse(onFailure, WhenUnrecordable.REFUSE);
      this.store = Objects.requireNonNullElse(store, Store.ROCKSDB);
      this.kafka = kafka == null ? new Kafka(null, null, 0, 0, null, null) : kafka;
    }
  }

  /** What keeps the dirty store's records. */
  public enum Store {
    /** Embedded, on the local disk. */
    ROCKSDB,
    /** A compacted topic. */
    KAFKA
  }

  /**
   * The dirty store's records in Kafka.
   *
   * @param bootstrapServers {@code host:port,…} of brokers
   * @param topic default {@code crossfade-dirty}; created when missing
   * @param partitions of a topic that is created, default 8
   * @param replicationFactor copies, default 3; an existing topic must have as many
   * @param proxy this proxy's own name among those that share the topic; empty: one is made up
   * @param properties further settings of Kafka's clients, they win
   */
  public record Kafka(
      String bootstrapServers,
      String topic,
      int partitions,
      int replicationFactor,
      String proxy,
      Map<String, String> properties) {
    /** Puts the defaults in. */
    public Kafka(
        @Nullable String bootstrapServers,
        @Nullable String topic,
        int partitions,
        int replicationFactor,
        @Nullable String proxy,
        @Nullable Map<String, String> properties) {
      this.bootstrapServers = Objects.requireNonNullElse(bootstrapServers, "");
      this.topic = topic == null || topic.isEmpty() ? "crossfade-dirty" : topic;
      this.partitions = partitions == 0 ? 8 : partitions;
      this.replicationFactor = replicationFactor == 0 ? 3 : replicationFactor;
      this.proxy = Objects.requireNonNullElse(proxy, "");
      this.properties = properties == null ? Map.of() : Map.copyOf(properties);
    }

    /** What is wrong with these values. */
    private void problems(Store store, List<ConfigProblem> problems) {
      if (store == Store.ROCKSDB) {
        if (!bootstrapServers.isEmpty()) {
          problems.add(
              new ConfigProblem("dirty.kafka", "is only for dirty.store: kafka, which is not set"));
        }
        return;
      }
      if (!bootstrapServers.matches("[^\\s,]+:\\d+(,[^\\s,]+:\\d+)*")) {
        problems.add(
            new ConfigProblem(
                "dirty.kafka.bootstrap-servers",
                "is missing or not of the form host:port,host:port"));
      }
      if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.matches("\\.\\.?")) {
        problems.add(
            new ConfigProblem("dirty.kafka.topic", "is no name of a topic: [a-zA-Z0-9._-]{1,249}"));
      }
      if (!proxy.matches("[a-zA-Z0-9._-]{0,100}")) {
        problems.add(
            new ConfigProblem("dirty.kafka.proxy", "may only have [a-zA-Z0-9._-], at most 100"));
      }
      within(problems, "dirty.kafka.partitions", partitions, 1, 10_000);
      within(problems, "dirty.kafka.replication-factor", replicationFactor, 1, 100);
      for (String name : new TreeSet<>(properties.keySet())) {
        if (KafkaSettings.FIXED.contains(name)) {
          problems.add(
              new ConfigProblem(
                  "dirty.kafka.properties",
                  "may not set " + name + ": the store's promises rest on it"));
        }
      }
    }

    /** What the store is opened with. */
    KafkaSettings settings() {
      return new KafkaSettings(
          bootstrapServers, topic, partitions, replicationFactor, proxy, properties);
    }

    /** Without the properties, which may hold secrets. */
    @Override
    public String toString() {
      return "Kafka[bootstrapServers=" + bootstrapServers + ", topic=" + topic + "]";
    }
  }

  /**
   * Rates of reconcile.
   *
   * @param chunk rows compared at a time, default 1000
   * @param rowsPerSecond upper limit, 0 = none
   * @param parallel key ranges of one run worked on at once, default 2
   * @param sweepCellsPerSecond cells the sweeper of old deletions looks at, default 5000
   */
  public record Reconcile(int chunk, int rowsPerSecond, int parallel, int sweepCellsPerSecond) {
    /** Puts the defaults in. */
    public Reconcile {
      chunk = chunk == 0 ? 1000 : chunk;
      parallel = parallel == 0 ? 2 : parallel;
      sweepCellsPerSecond = sweepCellsPerSecond == 0 ? 5000 : sweepCellsPerSecond;
    }
  }

  /** Tables of {@link #tables} that are not among those watched. */
  List<ConfigProblem> strangers(List<TableConfig> watched) {
    Set<TableName> known = watched.stream().map(TableConfig::name).collect(Collectors.toSet());
    return tables.keySet().stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .map(
            name ->
                new ConfigProblem("tables." + name, "is not a watched table; those are " + known))
        .toList();
  }

  /**
   * The binlog witness.
   *
   * @param enabled whether there is one, default false
   * @param serverId what it calls itself among MySQL's replicas; 0, the default: a random one, kept
   *     in the dirty store
   * @param announcements keys and ranges that sessions announced and the binlog has not shown yet,
   *     kept at most, default 200 000
   */
  public record Witness(@Nullable Boolean enabled, long serverId, int announcements) {
    /** Puts the defaults in. */
    public Witness {
      enabled = enabled != null && enabled;
      announcements = announcements == 0 ? 200_000 : announcements;
    }
  }

  /**
   * When work is slowed down: backfill, verification and repair above these limits, the mirror of
   * live changes above twice as much; never to a stop.
   *
   * @param mysqlThreadsRunning MySQL's Threads_running, default 25; 0 = never
   * @param replicas {@code host:port} of the replicas that are asked how far they are behind
   * @param replicaLag how far behind they may be, default 0 = never mind
   */
  public record Throttle(
      @Nullable Integer mysqlThreadsRunning, List<String> replicas, Duration replicaLag) {
    /** Puts the defaults in. */
    public Throttle(
        @Nullable Integer mysqlThreadsRunning,
        @Nullable List<String> replicas,
        @Nullable Duration replicaLag) {
      this.mysqlThreadsRunning = Objects.requireNonNullElse(mysqlThreadsRunning, 25);
      this.replicas = replicas == null ? List.of() : List.copyOf(replicas);
      this.replicaLag = Objects.requireNonNullElse(replicaLag, Duration.ZERO);
    }

    LoadWatch.Limits limits() {
      return new LoadWatch.Limits(
          Objects.requireNonNullElse(mysqlThreadsRunning, 0), replicas, replicaLag);
    }
  }

  /** What is wrong with these values, each naming the key. */
  List<ConfigProblem> problems() {
    List<ConfigProblem> problems = new ArrayList<>();
    if (mysql.user.isEmpty()) {
      problems.add(
          new ConfigProblem(
              "mysql.user",
              "is missing: an account with SELECT on the watched tables, and PROCESS, SHOW VIEW,"
                  + " TRIGGER, SHOW_ROUTINE and XA_RECOVER_ADMIN on *.*"));
    }
    if (hbase.bootstrapServers.isEmpty() == hbase.zookeeperQuorum.isEmpty()) {
      problems.add(
          new ConfigProblem(
              "hbase", "needs either bootstrap-servers or zookeeper-quorum (host:port,host:port)"));
    }
    within(problems, "mysql.connections", mysql.connections, 2, 256);
    within(problems, "workers", workers, 1, 64);
    within(problems, "batch", batch, 1, 10_000);
    within(problems, "reconcile.chunk", reconcile.chunk, 10, 100_000);
    within(problems, "reconcile.rows-per-second", reconcile.rowsPerSecond, 0, Integer.MAX_VALUE);
    within(problems, "reconcile.parallel", reconcile.parallel, 1, 32);
    within(
        problems,
        "reconcile.sweep-cells-per-second",
        reconcile.sweepCellsPerSecond,
        1,
        Integer.MAX_VALUE);
    within(problems, "witness.server-id", witness.serverId, 0, 0xFFFF_FFFFL);
    within(problems, "witness.announcements", witness.announcements, 1000, 10_000_000);
    between(
        problems, "hbase.deadline", hbase.deadline, Duration.ofSeconds(1), Duration.ofMinutes(5));
    between(
        problems,
        "dirty.stall-limit",
        dirty.stallLimit,
        Duration.ofMillis(1),
        Duration.ofSeconds(5));
    dirty.kafka.problems(dirty.store, problems);
    between(problems, "write-lifetime", writeLifetime, hbase.deadline, Duration.ofHours(1));
    between(
        problems,
        "retention",
        retention,
        writeLifetime.multipliedBy(2).plus(hbase.deadline),
        Duration.ofDays(3650));
    throttleProblems(problems);
    return problems;
  }

  private void throttleProblems(List<ConfigProblem> problems) {
    LoadWatch.Limits limits = throttle.limits();
    within(problems, "throttle.mysql-threads-running", limits.threadsRunning(), 0, 100_000);
    between(
        problems, "throttle.replica-lag", throttle.replicaLag, Duration.ZERO, Duration.ofHours(1));
    if (!throttle.replicaLag.isZero() && throttle.replicas.isEmpty()) {
      problems.add(
          new ConfigProblem(
              "throttle.replicas", "is missing: replica-lag needs host:port of some"));
    }
    for (String replica : throttle.replicas) {
      if (!replica.matches("[^\\s:]+:[0-9]{1,5}|\\[[0-9a-fA-F:]+]:[0-9]{1,5}")) {
        problems.add(
            new ConfigProblem(
                "throttle.replicas", "'" + replica + "' is not of the form host:port"));
      }
    }
  }

  private static void within(
      List<ConfigProblem> problems, String key, long value, long min, long max) {
    if (value < min || value > max) {
      problems.add(new ConfigProblem(key, value + " is not allowed, only " + min + " to " + max));
    }
  }

  private static void between(
      List<ConfigProblem> problems, String key, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      problems.add(
          new ConfigProblem(
              key, text(value) + " is not allowed, only " + text(min) + " to " + text(max)));
    }
  }

  private static String text(Duration d) {
    return d.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }

  /** Names of the settings that differ in {@code next} and are applied only by a restart. */
  List<String> restartNeeded(DualWriteConfig next) {
    List<String> names = new ArrayList<>();
    changed(names, "mysql", mysql, next.mysql);
    changed(names, "hbase", hbase, next.hbase);
    changed(names, "dirty", dirty, next.dirty);
    changed(names, "write-lifetime", writeLifetime, next.writeLifetime);
    changed(names, "retention", retention, next.retention);
    changed(names, "witness", witness, next.witness);
    return names;
  }

  private static void changed(List<String> names, String name, Object now, Object next) {
    if (!now.equals(next)) {
      names.add(name);
    }
  }
}

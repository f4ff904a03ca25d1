package io.crossfade.dualwrite.witness;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.capture.CaptureCatalogue;
import io.crossfade.dualwrite.capture.CaptureInterceptor;
import io.crossfade.dualwrite.capture.CaptureMetrics;
import io.crossfade.dualwrite.capture.CaptureReport;
import io.crossfade.dualwrite.capture.CaptureTable;
import io.crossfade.dualwrite.capture.Declined;
import io.crossfade.dualwrite.capture.Defining;
import io.crossfade.dualwrite.capture.Definitions;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import io.crossfade.dualwrite.hbase.HBaseLink;
import io.crossfade.dualwrite.hbase.HBaseSettings;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.mysql.GeneratedKeys;
import io.crossfade.dualwrite.mysql.Look;
import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.dualwrite.mysql.Primary;
import io.crossfade.dualwrite.mysql.RowReader;
import io.crossfade.dualwrite.mysql.SchemaReader;
import io.crossfade.sandbox.EmbeddedMySql;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** One run of a proxy's witness of one table, without an HBase: what is dirty stays dirty. */
final class WitnessFixture implements AutoCloseable {
  /** A table through which the watched one may be reached. */
  static final String FEED = "feed";

  static final Duration SOON = Duration.ofSeconds(10);

  private final EmbeddedMySql mysql;
  private final TableName table;
  private final MySqlPool pool;
  private final HBaseLink link;
  private final Lane lane;
  private final JournaledDirtyStore store;
  private final Witness witness;
  private final CaptureCatalogue catalogue;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CaptureReport report = new CaptureReport();

  /** Begins a run on a dirty store that an earlier run may have left. */
  WitnessFixture(EmbeddedMySql mysql, TableName table, Path directory) throws Exception {
    this(mysql, table, directory, 0);
  }

  WitnessFixture(EmbeddedMySql mysql, TableName table, Path directory, long serverId)
      throws Exception {
    this.mysql = mysql;
    this.table = table;
    InetSocketAddress address = new InetSocketAddress(mysql.host(), mysql.port());
    this.pool = new MySqlPool(address, "crossfade", "crossfade", 8);
    this.link =
        new HBaseLink(
            new HBaseSettings(
                "127.0.0.1:1", "", Map.of(), Duration.ofSeconds(1), "crossfade_meta"));
    TableMapping mapping = mapping();
    String uuid = pool.with(Look::at).serverUuid();
    Primary primary = new Primary(uuid, (old, next) -> {});
    this.lane = new Lane(mapping, pool, link, primary, Duration.ofMinutes(2), meters);
    this.store =
        JournaledDirtyStore.open(
            new DirtyStoreConfig(directory), List.of(table), meters, Incidents.NONE);
    this.catalogue =
        new CaptureCatalogue(
            uuid,
            List.of(
                new CaptureTable(
                    table, mapping, uniqueKeys() > 0, false, false, GeneratedKeys.UNCERTAIN)),
            Map.of(FEED, Set.of(table)),
            Set.of());
    this.witness =
        new Witness(
            new Witness.Settings(
                address, "crossfade", "crossfade", WitnessId.of(serverId, store), 200_000),
            pool,
            primary,
            store,
            List.of(lane),
            meters);
    witness.start();
  }

  /** Of the table's present definition. */
  private TableMapping mapping() throws Exception {
    List<String> problems = new ArrayList<>();
    return TableMappings.create(
        pool.with(connection -> SchemaReader.read(connection, table, problems))
            .orElseThrow(() -> new IllegalStateException(problems.toString()))
            .schema(),
        new TableConfig(table, table.table(), Layout.TALL, List.of(first(table)), List.of(), 1));
  }

  /** The mirror goes over to the table's present definition. */
  void follow() throws Exception {
    lane.remap(mapping());
  }

  private long uniqueKeys() throws SQLException {
    try (Connection connection = mysql.connect(table.schema());
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT COUNT(*) FROM information_schema.TABLE_CONSTRAINTS WHERE"
                        + " TABLE_SCHEMA='%s' AND TABLE_NAME='%s' AND CONSTRAINT_TYPE='UNIQUE'"
                            .formatted(table.schema(), table.table()))) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private String first(TableName name) throws SQLException {
    try (Connection connection = mysql.connect(name.schema());
        var rows =
            connection
                .createStatement()
                .executeQuery("SHOW KEYS FROM " + name.table() + " WHERE Key_name='PRIMARY'")) {
      rows.next();
      return rows.getString("Column_name");
    }
  }

  /** Until the witness reads, so that nothing later is older than its beginning. */
  WitnessFixture reading() {
    await("reading", true);
    return this;
  }

  /** A session of the proxy. */
  ProxiedSession session() throws SQLException {
    return new ProxiedSession(
        mysql.connect(table.schema(), "app", "app"), table.schema(), this::capture);
  }

  private CaptureInterceptor capture(ProxiedSession session) {
    return new CaptureInterceptor(
        session,
        new CaptureInterceptor.Shared(
            store,
            () -> catalogue,
            new Defining(new Definitions(sure -> {}, () -> {}), () -> {}, List::of),
            new CaptureMetrics(meters),
            report,
            new Declined(),
            () -> false,
            witness::announcements));
  }

  /** A connection that bypasses the proxy. */
  Connection bypass() throws SQLException {
    return mysql.connect(table.schema(), "sha2", "sha2");
  }

  /** Runs SQL behind the proxy. */
  void bypass(String... statements) throws SQLException {
    try (Connection connection = bypass();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  void await(String figure, Object value) {
    Awaitility.await(figure)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () ->
                org.assertj.core.api.Assertions.assertThat(witness.status(table))
                    .containsEntry(figure, value));
  }

  Map<String, Object> status() {
    return witness.status(table);
  }

  /** Everything in the table, by key. */
  Set<Key> keysInMySql() throws Exception {
    return Set.copyOf(
        pool.with(
                connection -> new RowReader(lane.mapping()).page(connection, KeyRange.ALL, 10_000))
            .keySet());
  }

  boolean isDirty(Key key) {
    return store.isDirty(table, key);
  }

  boolean wholeIsDirty() {
    return store.ranges(table).contains(KeyRange.ALL);
  }

  /** Takes what is dirty as re-read: nothing is dirty afterwards that nobody holds. */
  List<Key> clean() {
    List<Picked> picked = store.pick(table, 10_000);
    picked.forEach(store::done);
    store.pickRanges(table, 100).forEach(store::done);
    return picked.stream().map(Picked::key).toList();
  }

  /** What the statements of the sessions cost. */
  Map<String, Object> report() {
    return report.of(table);
  }

  JournaledDirtyStore store() {
    return store;
  }

  Lane lane() {
    return lane;
  }

  MySqlPool pool() {
    return pool;
  }

  /** Stops as a proxy is stopped. */
  @Override
  public void close() {
    witness.close();
    store.close();
    link.close();
    pool.close();
  }
}

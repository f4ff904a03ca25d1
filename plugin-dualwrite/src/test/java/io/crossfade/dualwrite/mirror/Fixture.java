package io.crossfade.dualwrite.mirror;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.hbase.HBaseLink;
import io.crossfade.dualwrite.hbase.HBaseSettings;
import io.crossfade.dualwrite.hbase.HBaseTables;
import io.crossfade.dualwrite.mysql.Look;
import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.dualwrite.mysql.Primary;
import io.crossfade.dualwrite.mysql.SchemaReader;
import io.crossfade.dualwrite.mysql.WatchedTable;
import io.crossfade.sandbox.HBaseServer;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A follower table in MySQL, its table in HBase, and the lane between them. */
public final class Fixture implements AutoCloseable {
  private final MySqlServer mysql;
  private final String schema;
  private final MySqlPool pool;
  private final HBaseLink link;
  private final Lane lane;

  /** On the shared servers. */
  public static Fixture on(Layout layout) throws Exception {
    return new Fixture(SharedServers.mysql(), SharedServers.hbase(), layout, Duration.ofMinutes(2));
  }

  /** On servers of one's own. */
  public Fixture(MySqlServer mysql, HBaseServer hbase, Layout layout, Duration writeLifetime)
      throws Exception {
    this(mysql, hbase, layout, writeLifetime, Map.of());
  }

  /** With settings of the HBase client. */
  public Fixture(
      MySqlServer mysql,
      HBaseServer hbase,
      Layout layout,
      Duration writeLifetime,
      Map<String, String> properties)
      throws Exception {
    this.mysql = mysql;
    this.schema = mysql.createSchema("mirror");
    execute(
        "CREATE TABLE follower (user_id BIGINT NOT NULL, follower_id BIGINT NOT NULL, created_at"
            + " DATETIME(3) NOT NULL, status TINYINT NULL, note VARCHAR(4000) NULL, PRIMARY KEY"
            + " (user_id, follower_id))");
    this.pool =
        new MySqlPool(
            new InetSocketAddress(mysql.host(), mysql.port()), "crossfade", "crossfade", 8);
    this.link =
        new HBaseLink(
            new HBaseSettings(
                hbase.bootstrapServers(),
                "",
                properties,
                Duration.ofSeconds(10),
                "crossfade_meta"));
    TableName name = new TableName(schema, "follower");
    TableMapping mapping = TableMappings.create(watched(name).schema(), config(name, layout));
    HBaseTables tables = new HBaseTables(link);
    tables.ensureMeta();
    tables.ensure(mapping);
    Look look = pool.with(Look::at);
    Primary primary = new Primary(look.serverUuid(), (old, next) -> {});
    this.lane = new Lane(mapping, pool, link, primary, writeLifetime, new SimpleMeterRegistry());
  }

  private WatchedTable watched(TableName name) throws Exception {
    List<String> problems = new ArrayList<>();
    return pool.with(connection -> SchemaReader.read(connection, name, problems))
        .orElseThrow(() -> new IllegalStateException(problems.toString()));
  }

  private static TableConfig config(TableName name, Layout layout) {
    return new TableConfig(
        name,
        name.schema() + "_follower",
        layout,
        List.of("user_id"),
        List.of(new Order("newest", List.of(new OrderColumn("created_at", true)))),
        4);
  }

  /** Runs SQL in the fixture's schema. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** The lane. */
  public Lane lane() {
    return lane;
  }

  /** The connection to HBase. */
  public HBaseLink link() {
    return link;
  }

  /** The mapping. */
  public TableMapping mapping() {
    return lane.mapping();
  }

  /** A connection to the fixture's schema. */
  public Connection connect() throws SQLException {
    return mysql.connect(schema);
  }

  /** The row of these values. */
  public static Row row(
      long user, long follower, String created, @Nullable String status, @Nullable String note) {
    return new Row(
        new byte @Nullable [][] {
          bytes(Long.toString(user)),
          bytes(Long.toString(follower)),
          bytes(created),
          bytes(status),
          bytes(note)
        });
  }

  /** The key of these values. */
  public Key key(long user, long follower) {
    return mapping().key(row(user, follower, "2026-01-01 00:00:00.000", null, null));
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    pool.close();
    link.close();
  }
}

package io.crossfade.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.plugin.ReadShare;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plugin as the proxy runs it, between real servers. */
class DualWriteIT {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Layout.class)
  void movesATableThroughItsStages(Layout layout) throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    TableName name = table(mysql);
    try (Connection connection = mysql.connect(name.schema());
        Statement statement = connection.createStatement()) {
      for (int user = -2; user < 3; user++) {
        for (int i = 0; i < 700; i++) {
          statement.addBatch(
              "INSERT INTO follower VALUES ("
                  + user
                  + ","
                  + i
                  + ",'2026-01-01' + INTERVAL "
                  + i * 7 % 500
                  + " SECOND,"
                  + (i % 3 == 0 ? "NULL" : "1")
                  + ")");
        }
      }
      statement.executeBatch();
    }
    FakeContext context = context(mysql, name, layout);
    DualWriteFactory factory = new DualWriteFactory();
    DualWriteConfig config = config(SharedServers.hbase().bootstrapServers());
    assertThat(factory.check(config, context.tables())).isEmpty();
    factory.start(context, config);
    try {
      MirrorState state = context.find(MirrorState.class).orElseThrow();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> context.notReady().isEmpty());
      assertThat(state.unreadable(name)).contains("not-verified");
      assertThat(context.status(name)).containsKeys("workers", "throttled");
      assertThat(String.valueOf(context.status(name).get("setAside"))).contains("keys=0");
      assertThat(context.run("retry", name, Map.of())).containsEntry("retried", 0);
      assertThatThrownBy(() -> context.run("verify", name, Map.of()))
          .isInstanceOf(PluginException.class)
          .hasMessageContaining("backfilled");

      context.run("backfill", name, Map.of("lists", "-1,2"));
      awaitJob(context, name, "subset", "done");
      assertThat(job(context, name, "subset")).containsEntry("written", 1400L);
      context.run("backfill", name, Map.of());
      awaitJob(context, name, "backfill", "done");
      assertThat(job(context, name, "backfill"))
          .containsEntry("written", 2100L)
          .containsEntry("compared", 3500L);

      context.run("verify", name, Map.of());
      awaitJob(context, name, "verify", "done");
      assertThat(job(context, name, "verify")).containsEntry("differing", 0L);
      assertThat(context.status(name)).containsEntry("stage", "read-switch");
      assertThat(state.unreadable(name)).isEmpty();

      try (Connection connection = mysql.connect(name.schema());
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("DELETE FROM follower WHERE user_id=0 AND follower_id<3");
        statement.executeUpdate("UPDATE follower SET status=9 WHERE user_id=1 AND follower_id<4");
        statement.executeUpdate("INSERT INTO follower VALUES (77,1,'2026-01-01',1)");
      }
      context.run("verify", name, Map.of());
      awaitJob(context, name, "verify", "done");
      assertThat(job(context, name, "verify")).containsEntry("differing", 8L);
      assertThat(state.unreadable(name)).contains("not-verified");
      context.run("repair", name, Map.of());
      awaitJob(context, name, "repair", "done");
      assertThat(job(context, name, "repair")).containsEntry("differing", 8L);
      context.run("verify", name, Map.of());
      awaitJob(context, name, "verify", "done");
      assertThat(state.unreadable(name)).isEmpty();

      context.publish(ReadShare.class, new Everything());
      Map<String, Object> answer = context.run("cleanup", name, Map.of());
      assertThat(Files.readString(Path.of(String.valueOf(answer.get("report"))))).contains("Gates");
      assertThat(Files.readString(Path.of(String.valueOf(answer.get("html"))))).contains("<h2>");
      assertThat(String.valueOf(answer.get("statements"))).contains("RENAME TABLE", "DROP TABLE");
      assertThat(context.status(name)).containsEntry("stage", "cleanup");
      assertThat(Files.readString(directory.resolve("reports").resolve(name + ".md")))
          .contains("RENAME TABLE");
      assertThatThrownBy(() -> context.run("retire", name, Map.of()))
          .hasMessageContaining("confirm=");
      assertThatThrownBy(() -> context.run("retire", name, Map.of("confirm", name.toString())))
          .hasMessageContaining("RENAME TABLE");
      context.run("back", name, Map.of());
      assertThat(context.status(name)).containsEntry("stage", "read-switch");
    } finally {
      factory.close();
    }
  }

  @Test
  void keepsItsRecordsInKafkaIfToldTo() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    TableName name = table(mysql);
    try (Connection connection = mysql.connect(name.schema());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO follower VALUES (1,1,'2026-01-01',1)");
    }
    DualWriteConfig.Dirty dirty =
        new DualWriteConfig.Dirty(
            null,
            null,
            null,
            DualWriteConfig.Store.KAFKA,
            new DualWriteConfig.Kafka(
                SharedServers.kafka().bootstrapServers(), name.schema(), 0, 1, null, null));
    DualWriteConfig config = config(SharedServers.hbase().bootstrapServers(), dirty);
    DualWriteFactory first = new DualWriteFactory();
    FakeContext context = context(mysql, name, Layout.TALL);
    assertThat(first.check(config, context.tables())).isEmpty();
    first.start(context, config);
    try {
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> context.notReady().isEmpty());
      context.run("backfill", name, Map.of());
      awaitJob(context, name, "backfill", "done");
    } finally {
      first.close();
    }
    DualWriteFactory second = new DualWriteFactory();
    FakeContext later = context(mysql, name, Layout.TALL);
    second.start(later, config);
    try {
      assertThat(later.status(name)).containsEntry("stage", "backfill");
      assertThat(job(later, name, "backfill")).containsEntry("state", "done");
    } finally {
      second.close();
    }
    assertThat(directory.resolve("dirty").resolve("kafka-proxy")).exists();
    assertThat(directory.resolve("dirty").resolve("rocks")).doesNotExist();
  }

  @Test
  void refusesToStartWithoutHBaseAndSaysWhatToDo() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    TableName name = table(mysql);
    DualWriteFactory factory = new DualWriteFactory();
    assertThatThrownBy(
            () -> factory.start(context(mysql, name, Layout.TALL), config("127.0.0.1:1")))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("127.0.0.1:1")
        .hasMessageContaining("require-at-start");
  }

  @Test
  void namesEveryMissingPrivilege() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    TableName name = table(mysql);
    String blind = "blind" + name.schema();
    try (Connection connection = mysql.connect(name.schema());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE USER " + blind + " IDENTIFIED BY 'blind'");
      statement.execute("GRANT SELECT, TRIGGER ON " + name.schema() + ".* TO " + blind);
      DualWriteConfig config = config("127.0.0.1:1");
      DualWriteConfig poor =
          new DualWriteConfig(
              new DualWriteConfig.MySql(blind, "blind", 0),
              config.hbase(),
              config.dirty(),
              config.reconcile(),
              0,
              0,
              config.writeLifetime(),
              config.retention(),
              config.throttle(),
              config.capture(),
              config.witness(),
              Map.of());
      assertThatThrownBy(
              () -> new DualWriteFactory().start(context(mysql, name, Layout.TALL), poor))
          .hasMessageContaining("GRANT PROCESS ON *.*")
          .hasMessageContaining("GRANT SHOW VIEW ON *.*")
          .hasMessageContaining("GRANT TRIGGER ON *.*")
          .hasMessageContaining("GRANT SHOW_ROUTINE ON *.*")
          .hasMessageContaining("GRANT XA_RECOVER_ADMIN ON *.*");
      statement.execute("GRANT SELECT, SHOW VIEW, TRIGGER, PROCESS ON *.* TO " + blind);
      statement.execute("GRANT XA_RECOVER_ADMIN ON *.* TO " + blind);
      assertThatThrownBy(
              () -> new DualWriteFactory().start(context(mysql, name, Layout.TALL), poor))
          .as("the next thing that is missing")
          .hasMessageContaining("HBase");
      statement.execute("DROP USER " + blind);
    }
  }

  @Test
  void namesEveryUnfitTableAtOnce() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("unfit");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE nokey (a INT)");
      statement.executeUpdate("CREATE TABLE memory (a INT PRIMARY KEY) ENGINE=MEMORY");
      statement.executeUpdate("CREATE TABLE spot (a INT PRIMARY KEY, place POINT, way GEOMETRY)");
      statement.executeUpdate(
          "CREATE TABLE word (a VARCHAR(9) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY)");
      statement.executeUpdate("CREATE TABLE floating (a FLOAT PRIMARY KEY)");
      statement.executeUpdate("CREATE VIEW sight AS SELECT a FROM word");
    }
    List<TableConfig> tables =
        List.of(
            tableConfig(new TableName(schema, "nokey"), Layout.TALL),
            tableConfig(new TableName(schema, "memory"), Layout.TALL),
            tableConfig(new TableName(schema, "spot"), Layout.TALL),
            tableConfig(new TableName(schema, "word"), Layout.TALL),
            tableConfig(new TableName(schema, "floating"), Layout.TALL),
            tableConfig(new TableName(schema, "sight"), Layout.TALL),
            tableConfig(new TableName(schema, "missing"), Layout.TALL));
    FakeContext context = new FakeContext(tables, directory, address(mysql));
    assertThatThrownBy(() -> new DualWriteFactory().start(context, config("127.0.0.1:1")))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("nokey has no primary key")
        .hasMessageContaining("ENGINE=InnoDB")
        .hasMessageContaining("spot.place has the type point, which cannot be mirrored")
        .hasMessageContaining("spot.way has the type geometry, which cannot be mirrored")
        .hasMessageContaining("'a' is VARCHAR with collation utf8mb4_0900_ai_ci")
        .hasMessageContaining("'a' is FLOAT, which does not order by its bytes")
        .hasMessageContaining("sight is a VIEW, not a base table")
        .hasMessageContaining("missing is unknown");
  }

  @Test
  void aWriteThatBypassesTheProxyReachesHBaseThroughTheWitness() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    TableName name = table(mysql);
    FakeContext context = context(mysql, name, Layout.WIDE);
    DualWriteFactory factory = new DualWriteFactory();
    factory.start(
        context,
        config(SharedServers.hbase().bootstrapServers(), new DualWriteConfig.Witness(true, 0, 0)));
    try {
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> context.notReady().isEmpty());
      try (Connection connection = mysql.connect(name.schema());
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT INTO follower VALUES (1,2,'2026-01-01',1)");
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                assertThat(context.status("witness", name)).containsEntry("bypassed", 1L);
                assertThat(context.status(name))
                    .containsEntry("written", 1L)
                    .containsEntry("dirtyKeys", 0L);
              });
    } finally {
      factory.close();
    }
  }

  private record Everything() implements ReadShare {
    @Override
    public double percentage(TableName table) {
      return 100;
    }

    @Override
    public long mysqlReadsSince(TableName table, Instant since) {
      return 0;
    }
  }

  private static void awaitJob(FakeContext context, TableName name, String job, String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(25))
        .until(
            () ->
                state.equals(job(context, name, job).get("state"))
                    && "".equals(context.status(name).get("job")));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> job(FakeContext context, TableName name, String job) {
    return (Map<String, Object>) Objects.requireNonNull(context.status(name).get(job));
  }

  private static TableName table(MySqlServer mysql) throws Exception {
    String schema = mysql.createSchema("dual");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE follower (user_id BIGINT NOT NULL, follower_id BIGINT NOT NULL, created_at"
              + " DATETIME NOT NULL, status TINYINT NULL, PRIMARY KEY (user_id, follower_id))");
    }
    return new TableName(schema, "follower");
  }

  private FakeContext context(MySqlServer mysql, TableName name, Layout layout) {
    return new FakeContext(List.of(tableConfig(name, layout)), directory, address(mysql));
  }

  private static InetSocketAddress address(MySqlServer mysql) {
    return new InetSocketAddress(mysql.host(), mysql.port());
  }

  private static TableConfig tableConfig(TableName name, Layout layout) {
    List<Order> orders =
        name.table().equals("follower")
            ? List.of(new Order("newest", List.of(new OrderColumn("created_at", true))))
            : List.of();
    return new TableConfig(
        name,
        name.schema() + "_" + name.table(),
        layout,
        List.of(name.table().equals("follower") ? "user_id" : "a"),
        orders,
        4);
  }

  private static DualWriteConfig config(String bootstrap) {
    return config(bootstrap, new DualWriteConfig.Dirty(null, null, null, null, null));
  }

  private static DualWriteConfig config(String bootstrap, DualWriteConfig.Dirty dirty) {
    return config(bootstrap, dirty, new DualWriteConfig.Witness(null, 0, 0));
  }

  private static DualWriteConfig config(String bootstrap, DualWriteConfig.Witness witness) {
    return config(bootstrap, new DualWriteConfig.Dirty(null, null, null, null, null), witness);
  }

  private static DualWriteConfig config(
      String bootstrap, DualWriteConfig.Dirty dirty, DualWriteConfig.Witness witness) {
    return new DualWriteConfig(
        new DualWriteConfig.MySql("crossfade", "crossfade", 0),
        new DualWriteConfig.HBase(bootstrap, null, null, null, null, null),
        dirty,
        new DualWriteConfig.Reconcile(100, 0, 0, 0),
        0,
        0,
        Duration.ofMinutes(2),
        Duration.ofHours(24),
        new DualWriteConfig.Throttle(null, null, null),
        new DualWriteConfig.Capture(null),
        witness,
        Map.of());
  }
}

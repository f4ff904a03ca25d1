package io.crossfade.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes of a watched table's definition under traffic, on real servers. */
class DdlPolicyIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir Path directory;
  private MySqlServer mysql;
  private TableName name;
  private TableConfig table;

  @BeforeEach
  void open() throws Exception {
    mysql = SharedServers.mysql();
    name = new TableName(mysql.createSchema("ddl"), "follower");
    table = config(Layout.TALL);
  }

  private TableConfig config(Layout layout) {
    return new TableConfig(
        name,
        name.schema() + "_follower",
        layout,
        List.of("user_id"),
        List.of(new Order("newest", List.of(new OrderColumn("created_at", true)))),
        2);
  }

  private void table(Layout layout) throws Exception {
    table = config(layout);
    direct(
        "CREATE TABLE follower (user_id INT NOT NULL, follower_id INT NOT NULL, created_at DATETIME"
            + " NOT NULL, status TINYINT NULL, note VARCHAR(20) NULL, PRIMARY KEY (user_id,"
            + " follower_id))");
    for (int user = 0; user < 5; user++) {
      direct(
          "INSERT INTO follower WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i"
              + " < 99) SELECT "
              + user
              + ", i, '2026-01-01' + INTERVAL i*7%50 SECOND, i%5, IF(i%3=0,NULL,'text') FROM n");
    }
  }

  private void direct(String sql) throws SQLException {
    try (Connection connection = mysql.connect(name.schema());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Rig rig(DdlPolicy ddl) throws Exception {
    return new Rig(
        mysql,
        List.of(table),
        directory,
        Rig.config(SharedServers.hbase().bootstrapServers(), true, ddl, table),
        UnaryOperator.identity());
  }

  /** Copied and proved equal. */
  private void prove(Rig rig, boolean first) throws PluginException {
    if (first) {
      rig.context.run("backfill", name, Map.of());
      idle(rig);
    }
    Awaitility.await().atMost(LIMIT).until(() -> clean(rig));
    rig.context.run("verify", name, Map.of());
    idle(rig);
    assertThat(verify(rig)).containsEntry("differing", 0L).containsEntry("state", "done");
    assertThat((long) Objects.requireNonNull((Long) verify(rig).get("compared"))).isPositive();
    assertThat(rig.context.status(name)).containsEntry("stage", "read-switch");
  }

  private boolean clean(Rig rig) {
    Map<String, Object> status = rig.context.status(name);
    return "".equals(status.get("paused"))
        && Objects.equals(status.get("dirtyKeys"), 0L)
        && rig.plugin.clean(name, List.of(KeyRange.ALL)).isPresent();
  }

  private void idle(Rig rig) {
    Awaitility.await().atMost(LIMIT).until(() -> "".equals(rig.context.status(name).get("job")));
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> verify(Rig rig) {
    return (Map<String, Object>) Objects.requireNonNull(rig.context.status(name).get("verify"));
  }

  private List<String> columns(Rig rig) {
    return rig.plugin.mapping(name).orElseThrow().schema().columns().stream()
        .map(Column::name)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void theMappingFollowsTheDefinitionUnderTraffic(Layout layout) throws Exception {
    table(layout);
    try (Rig rig = rig(DdlPolicy.MIRROR)) {
      Awaitility.await().atMost(LIMIT).until(() -> rig.context.notReady().isEmpty());
      prove(rig, true);
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger writes = new AtomicInteger();
      Thread traffic = new Thread(() -> write(rig, over, writes));
      traffic.start();
      try (Connection client = rig.connect(name.schema(), "");
          Statement statement = client.createStatement()) {
        statement.execute("ALTER TABLE follower ADD COLUMN level INT NOT NULL DEFAULT 7 FIRST");
        Awaitility.await().atMost(LIMIT).until(() -> columns(rig).contains("level"));
        after(writes, 50);
        statement.execute("ALTER TABLE follower DROP COLUMN note, ADD COLUMN extra BIGINT NULL");
        Awaitility.await().atMost(LIMIT).until(() -> columns(rig).contains("extra"));
        statement.execute("ALTER TABLE follower MODIFY status BIGINT NULL, ADD INDEX (status)");
        statement.execute("CREATE TABLE fresh LIKE follower");
        statement.execute(
            "INSERT INTO fresh SELECT * FROM follower WHERE user_id < 3 AND follower_id < 50");
        statement.execute("RENAME TABLE follower TO stale, fresh TO follower");
        after(writes, 50);
        statement.execute("TRUNCATE TABLE follower");
        after(writes, 50);
      } finally {
        over.set(true);
        traffic.join();
      }
      assertThat(columns(rig))
          .containsExactly("level", "user_id", "follower_id", "created_at", "status", "extra");
      prove(rig, false);
      assertThat(String.valueOf(rig.context.status(name).get("incidents")))
          .contains("schema-followed");
      assertThat(rig.plugin.unreadable(name)).isEmpty();
    }
  }

  private static void after(AtomicInteger writes, int more) {
    int until = writes.get() + more;
    Awaitility.await().atMost(LIMIT).until(() -> writes.get() >= until);
  }

  private void write(Rig rig, AtomicBoolean over, AtomicInteger writes) {
    try (Connection client = rig.connect(name.schema(), "");
        Statement statement = client.createStatement()) {
      for (int i = 0; !over.get(); i++) {
        int user = i % 7;
        int follower = i * 31 % 150;
        try {
          switch (i % 3) {
            case 0 ->
                statement.execute(
                    "REPLACE INTO follower (user_id, follower_id, created_at, status) VALUES ("
                        + user
                        + ","
                        + follower
                        + ",'2026-02-01' + INTERVAL "
                        + i % 1000
                        + " SECOND,3)");
            case 1 ->
                statement.execute(
                    "UPDATE follower SET status=status+1, created_at=created_at + INTERVAL 1 SECOND"
                        + " WHERE user_id="
                        + user
                        + " AND follower_id="
                        + follower
                        + " AND status < 100");
            default ->
                statement.execute(
                    "DELETE FROM follower WHERE user_id=" + user + " AND follower_id=" + follower);
          }
          writes.incrementAndGet();
        } catch (SQLException e) {
          writes.incrementAndGet(); // the table is just being swapped
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatCannotBeFollowedIsHeldByNameAndGoesOnWhenItIsUndone() throws Exception {
    table(Layout.TALL);
    try (Rig rig = rig(DdlPolicy.MIRROR)) {
      Awaitility.await().atMost(LIMIT).until(() -> rig.context.notReady().isEmpty());
      prove(rig, true);
      try (Connection client = rig.connect(name.schema(), "");
          Statement statement = client.createStatement()) {
        held(rig, statement, "RENAME TABLE follower TO away", "schema-unfit");
        statement.execute("INSERT INTO away VALUES (9,9,'2026-01-01',1,'x')");
        goesOn(rig, statement, "RENAME TABLE away TO follower");
        held(rig, statement, "ALTER TABLE follower MODIFY user_id BIGINT", "schema-key-type");
        statement.execute("INSERT INTO follower VALUES (10,9,'2026-01-01',1,'x')");
        goesOn(rig, statement, "ALTER TABLE follower MODIFY user_id INT NOT NULL");
        held(
            rig,
            statement,
            "ALTER TABLE follower MODIFY created_at DATE NOT NULL",
            "schema-order-column");
        goesOn(rig, statement, "ALTER TABLE follower MODIFY created_at DATETIME NOT NULL");
        held(
            rig,
            statement,
            "ALTER TABLE follower DROP PRIMARY KEY, ADD PRIMARY KEY (user_id, follower_id,"
                + " created_at)",
            "schema-key");
      }
    }
    assertThatThrownBy(() -> rig(DdlPolicy.MIRROR))
        .as("the next start")
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("name another hbase-table");
  }

  private void held(Rig rig, Statement statement, String ddl, String why) throws Exception {
    statement.execute(ddl);
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> why.equals(rig.context.status(name).get("paused")));
    assertThat(rig.plugin.unreadable(name)).isPresent();
  }

  private void goesOn(Rig rig, Statement statement, String ddl) throws Exception {
    statement.execute(ddl);
    prove(rig, false);
  }

  @Test
  void holdWaitsForARestartWhichWritesTheTableAnew() throws Exception {
    table(Layout.WIDE);
    try (Rig rig = rig(DdlPolicy.HOLD)) {
      Awaitility.await().atMost(LIMIT).until(() -> rig.context.notReady().isEmpty());
      prove(rig, true);
      try (Connection client = rig.connect(name.schema(), "");
          Statement statement = client.createStatement()) {
        held(
            rig,
            statement,
            "ALTER TABLE follower DROP COLUMN note, ADD COLUMN extra INT NOT NULL DEFAULT 4",
            "schema-changed");
        assertThat(columns(rig)).contains("note");
      }
    }
    try (Rig rig = rig(DdlPolicy.HOLD)) {
      assertThat(columns(rig)).contains("extra").doesNotContain("note");
      assertThat(String.valueOf(rig.context.status(name).get("incidents")))
          .contains("schema-at-start");
      prove(rig, false);
    }
  }

  @Test
  void refuseGivesTheClientAnErrorAndLeavesTheTableAlone() throws Exception {
    table(Layout.TALL);
    try (Rig rig = rig(DdlPolicy.REFUSE)) {
      try (Connection client = rig.connect(name.schema(), "allowMultiQueries=true");
          Statement statement = client.createStatement()) {
        for (String ddl :
            List.of(
                "ALTER TABLE follower ADD c INT",
                "TRUNCATE follower",
                "DROP TABLE IF EXISTS x, " + name,
                "DELETE FROM follower; RENAME TABLE follower TO x",
                "DROP DATABASE " + name.schema())) {
          assertThatThrownBy(() -> statement.execute(ddl))
              .isInstanceOfSatisfying(
                  SQLException.class,
                  e -> {
                    assertThat(e.getErrorCode()).isEqualTo(1290);
                    assertThat(e.getSQLState()).isEqualTo("HY000");
                    assertThat(e.getMessage()).contains(name + ".ddl=refuse");
                  });
        }
        try (var rows = statement.executeQuery("SELECT COUNT(*) FROM follower")) {
          rows.next();
          assertThat(rows.getInt(1)).isEqualTo(500);
        }
        statement.execute("CREATE TABLE other (a INT)");
        statement.execute("ALTER TABLE other ADD b INT");
        held(rig, statement, "/*! ALTER TABLE follower ADD c INT */", "schema-changed");
      }
    }
  }

  @Test
  void whatReachesTheTableIsShown() throws Exception {
    table(Layout.TALL);
    direct("SET GLOBAL log_bin_trust_function_creators=1");
    direct("CREATE VIEW sight AS SELECT * FROM follower");
    direct("CREATE TABLE other (a INT)");
    direct("CREATE TRIGGER late AFTER INSERT ON other FOR EACH ROW DELETE FROM sight");
    direct("CREATE PROCEDURE tidy() DELETE FROM follower");
    direct("CREATE FUNCTION tidied() RETURNS INT BEGIN CALL tidy(); RETURN 1; END");
    direct("CREATE TABLE parent (id INT PRIMARY KEY)");
    direct("INSERT INTO parent SELECT DISTINCT user_id FROM follower");
    direct(
        "ALTER TABLE follower ADD CONSTRAINT owner FOREIGN KEY (user_id) REFERENCES parent (id) ON"
            + " DELETE CASCADE");
    direct("CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO CALL tidy()");
    try (Rig rig = rig(DdlPolicy.MIRROR)) {
      assertThat(String.valueOf(rig.context.status(name).get("reachedThrough")))
          .contains(
              "cascade owner on parent",
              "event nightly",
              "function tidied",
              "procedure tidy",
              "trigger late on other",
              "view sight");
      assertThat(rig.context.status(name)).containsEntry("ddl", "mirror");
      assertThat(String.valueOf(rig.context.status(name).get("incidents")))
          .contains("event nightly may change the table");
    }
    direct("DROP EVENT nightly");
  }
}

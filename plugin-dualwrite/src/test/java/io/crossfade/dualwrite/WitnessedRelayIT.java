package io.crossfade.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that the binlog names, for clients of the relay. */
class WitnessedRelayIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory;
  private TableName name;
  private Rig rig;

  @BeforeEach
  void open() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    name = new TableName(mysql.createSchema("witnessed"), "follower");
    try (Connection direct = mysql.connect(name.schema());
        Statement statement = direct.createStatement()) {
      statement.execute(
          "CREATE TABLE follower (user_id INT, follower_id INT, status INT, PRIMARY KEY (user_id,"
              + " follower_id))");
      statement.execute(
          "INSERT INTO follower WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE"
              + " i < 99) SELECT i%5, i, i%10 FROM n");
    }
    TableConfig table =
        new TableConfig(
            name, name.schema() + "_follower", Layout.TALL, List.of("user_id"), List.of(), 2);
    DualWriteConfig config =
        Rig.config(SharedServers.hbase().bootstrapServers(), true, DdlPolicy.MIRROR, table, true);
    rig = new Rig(mysql, List.of(table), directory, config, UnaryOperator.identity());
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> Boolean.TRUE.equals(rig.context.status("witness", name).get("reading")));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void update(Connection connection, int status) throws SQLException {
    run(connection, "UPDATE follower SET status=status+10 WHERE status=" + status);
  }

  private long count(String how) {
    return (long) Objects.requireNonNull((Long) rig.context.status("capture", name).get(how));
  }

  private void awaitWitnessed(long count) {
    Awaitility.await().atMost(LIMIT).until(() -> count("witnessed") == count);
  }

  @Test
  void anAutocommittedWriteByAConditionReachesHBaseByItsKeys() throws Exception {
    try (Connection client = rig.connect(name.schema(), "")) {
      update(client, 3);
      awaitWitnessed(1);
      assertThat(count("table")).isZero();
    }
    rig.context.run("backfill", name, Map.of());
    idle();
    try (Connection client = rig.connect(name.schema(), "")) {
      update(client, 4);
      awaitWitnessed(2);
      Awaitility.await()
          .atMost(LIMIT)
          .until(() -> Objects.equals(rig.context.status(name).get("dirtyKeys"), 0L));
    }
    rig.context.run("verify", name, Map.of());
    idle();
    assertThat(verify()).containsEntry("differing", 0L).containsEntry("state", "done");
  }

  private void idle() {
    Awaitility.await().atMost(LIMIT).until(() -> "".equals(rig.context.status(name).get("job")));
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> verify() {
    return (Map<String, Object>) Objects.requireNonNull(rig.context.status(name).get("verify"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "useServerPrepStmts=true", "allowMultiQueries=true"})
  void aSessionThatSwitchesItsBinlogOffIsSeenAndItsRangesStay(String options) throws Exception {
    try (Connection hidden = rig.connect(name.schema(), options);
        Connection plain = rig.connect(name.schema(), "")) {
      if (options.startsWith("allow")) {
        run(hidden, "SELECT 1; SET SESSION sql_log_bin=0");
      } else {
        try (PreparedStatement off = hidden.prepareStatement("SET SESSION sql_log_bin=0")) {
          off.execute();
        }
      }
      try (Statement statement = hidden.createStatement();
          ResultSet row = statement.executeQuery("SELECT @@sql_log_bin")) {
        row.next();
        assertThat(row.getInt(1)).isZero();
      }
      update(hidden, 3);
      update(plain, 4);
      awaitWitnessed(1);
      assertThat(count("table")).isEqualTo(1);
    }
  }
}

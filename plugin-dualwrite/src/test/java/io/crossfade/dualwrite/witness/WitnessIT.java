package io.crossfade.dualwrite.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.MySqlOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The witness of real binlogs, which some of these tests throw away: on servers of their own. */
class WitnessIT {
  private static EmbeddedMySql withGtids;
  private static EmbeddedMySql withoutGtids;

  @TempDir Path directory;

  /** How the server counts its transactions. */
  enum Mode {
    GTID,
    FILE;

    EmbeddedMySql server() {
      return this == GTID ? withGtids : withoutGtids;
    }
  }

  @BeforeAll
  static void start() {
    withGtids = EmbeddedMySql.start(MySqlOptions.temporary());
    withoutGtids =
        EmbeddedMySql.start(
            MySqlOptions.temporary()
                .withFlags("--gtid-mode=OFF", "--enforce-gtid-consistency=OFF"));
  }

  @AfterAll
  static void stop() {
    withGtids.close();
    withoutGtids.close();
  }

  private static TableName table(EmbeddedMySql mysql) throws SQLException {
    return table(
        mysql,
        "user_id BIGINT, follower_id BIGINT, status INT, PRIMARY KEY (user_id, follower_id)");
  }

  private static TableName table(EmbeddedMySql mysql, String definition) throws SQLException {
    String schema = mysql.createSchema("witness");
    execute(mysql, schema, "CREATE TABLE follower (" + definition + ")");
    return new TableName(schema, "follower");
  }

  private static void execute(EmbeddedMySql mysql, String schema, String... statements)
      throws SQLException {
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private WitnessFixture run(EmbeddedMySql mysql, TableName table) throws Exception {
    return new WitnessFixture(mysql, table, directory).reading();
  }

  private static long connectionId(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
      row.next();
      return row.getLong(1);
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> bypassers(WitnessFixture run) {
    return (List<Map<String, Object>>) Objects.requireNonNull(run.status().get("bypassers"));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void findsAWriteThatBypassesTheProxyWithinASecondAndNamesItsAuthor(Mode mode) throws Exception {
    TableName table = table(mode.server());
    try (WitnessFixture run = run(mode.server(), table);
        Connection writer = run.bypass();
        Statement statement = writer.createStatement()) {
      statement.execute("INSERT INTO follower VALUES (1, 2, 3)");
      long committed = System.nanoTime();
      Key key = run.keysInMySql().iterator().next();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(2))
          .until(() -> run.isDirty(key) && !bypassers(run).isEmpty());
      Duration found = Duration.ofNanos(System.nanoTime() - committed);
      System.getLogger("witness").log(System.Logger.Level.INFO, "found after " + found);
      assertThat(found).isLessThan(Duration.ofSeconds(1));
      assertThat(bypassers(run))
          .singleElement()
          .satisfies(
              who ->
                  assertThat(who)
                      .containsEntry("who", "sha2@127.0.0.1")
                      .containsEntry("thread", connectionId(writer))
                      .containsEntry("count", 1L));
      assertThat(run.lane().notice().incidents().toString())
          .contains("bypassed: 1 changes by sha2@127.0.0.1, thread " + connectionId(writer));
      assertThat(run.status()).containsEntry("bypassed", 1L).containsEntry("completeness", 0.0);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void takesNothingForABypassThatWasAnnounced(Mode mode) throws Exception {
    TableName table = table(mode.server());
    try (WitnessFixture run = run(mode.server(), table);
        ProxiedSession one = run.session();
        ProxiedSession two = run.session()) {
      one.run(
          "INSERT INTO follower VALUES (1, 1, 0)", // 1
          "INSERT INTO follower VALUES (1, 2, 0), (1, 3, 0), (2, 1, 0)", // 3
          "INSERT INTO follower VALUES (1, 1, 0)", // fails
          "UPDATE follower SET status=1 WHERE user_id=1 AND follower_id=1", // 1
          "UPDATE follower SET status=2 WHERE user_id=1", // 3, a range
          "UPDATE follower SET user_id=7 WHERE user_id=2 AND follower_id=1", // 2: old and new key
          "BEGIN",
          "INSERT INTO follower VALUES (3, 1, 0)",
          "INSERT INTO follower VALUES (3, 2, 0)");
      two.run(
          "BEGIN",
          "INSERT INTO follower VALUES (4, 1, 0)",
          "ROLLBACK",
          "BEGIN",
          "INSERT INTO follower VALUES (4, 1, 0)",
          "DELETE FROM follower WHERE user_id=1 AND follower_id=3",
          "COMMIT", // 2
          "XA START 'x'",
          "INSERT INTO follower VALUES (5, 1, 0)",
          "XA END 'x'",
          "XA PREPARE 'x'", // 1
          "XA COMMIT 'x'");
      one.run("COMMIT"); // 2
      two.run("DELETE FROM follower WHERE status=0"); // (3,1) (3,2) (4,1) (5,1) (7,1): 5
      run.await("announced", 20L);
      one.run("TRUNCATE TABLE follower"); // 1
      two.run("INSERT INTO follower VALUES (9, 9, 9)"); // 1
      run.await("announced", 22L);
      assertThat(run.status())
          .containsEntry("seen", 22L)
          .containsEntry("bypassed", 0L)
          .containsEntry("unproven", 0L)
          .containsEntry("completeness", 1.0);
      assertThat(bypassers(run)).isEmpty();
    }
  }

  @Test
  void findsAChangeThatASessionOfTheProxyDidNotAnnounceThoughItAnnouncedThatKeyBefore()
      throws Exception {
    TableName table = table(withGtids);
    try (WitnessFixture run = run(withGtids, table);
        ProxiedSession session = run.session()) {
      session.run("INSERT INTO follower VALUES (1, 1, 0)");
      session.run("INSERT INTO follower VALUES (1, 2, 0)");
      run.await("announced", 2L);
      assertThat(run.clean()).hasSize(2);
      session.unseen("UPDATE follower SET status=1 WHERE follower_id=1");
      run.await("bypassed", 1L);
      assertThat(run.clean()).hasSize(1);
      Awaitility.await()
          .until(() -> run.lane().notice().incidents().toString().contains("not-announced"));
    }
  }

  @Test
  void marksAllOfATransactionThatNoSingleAnnouncementCovers() throws Exception {
    TableName table = table(withGtids);
    try (WitnessFixture run = run(withGtids, table);
        ProxiedSession session = run.session()) {
      session.run("BEGIN", "INSERT INTO follower VALUES (1, 1, 0)");
      session.unseen("INSERT INTO follower VALUES (1, 2, 0)");
      session.run("COMMIT");
      run.await("bypassed", 1L);
      assertThat(run.status()).containsEntry("announced", 1L);
      Set<Key> both = run.keysInMySql();
      assertThat(run.clean()).containsExactlyInAnyOrderElementsOf(both);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void goesOnAfterARestartWithWhatWasWrittenMeanwhile(Mode mode) throws Exception {
    TableName table = table(mode.server());
    try (WitnessFixture run = run(mode.server(), table);
        ProxiedSession session = run.session()) {
      session.run("INSERT INTO follower VALUES (1, 1, 0)");
      run.bypass("INSERT INTO follower VALUES (1, 2, 0)");
      run.await("seen", 2L);
      run.clean();
      session.run("INSERT INTO follower VALUES (1, 3, 0)"); // perhaps not read before the end
    }
    execute(mode.server(), table.schema(), "INSERT INTO follower VALUES (2, 1, 0)");
    try (WitnessFixture run = run(mode.server(), table)) {
      run.await("bypassed", 1L);
      assertThat(run.status()).containsEntry("seen", 1L);
      run.bypass("INSERT INTO follower VALUES (2, 2, 0)");
      run.await("bypassed", 2L);
      Set<Key> dirty = new HashSet<>(run.clean());
      assertThat(dirty).isSubsetOf(run.keysInMySql()).hasSize(3); // (1,3), (2,1), (2,2)
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GTID purge", "GTID reset", "FILE purge", "FILE reset"})
  void marksTheWholeTableLoudlyWhenItsPositionIsGone(String what) throws Exception {
    EmbeddedMySql mysql = Mode.valueOf(what.substring(0, 4)).server();
    TableName table = table(mysql);
    try (WitnessFixture run = run(mysql, table)) {
      run.bypass("INSERT INTO follower VALUES (1, 1, 0)");
      run.await("bypassed", 1L);
      run.clean();
    }
    execute(
        mysql,
        table.schema(),
        "INSERT INTO follower VALUES (2, 1, 0)",
        "FLUSH BINARY LOGS",
        "INSERT INTO follower VALUES (2, 2, 0)");
    if (what.endsWith("reset")) {
      execute(mysql, table.schema(), "RESET MASTER");
    } else {
      execute(mysql, table.schema(), "FLUSH BINARY LOGS", "PURGE BINARY LOGS BEFORE NOW()");
      try (Connection connection = mysql.connect("");
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SHOW MASTER STATUS")) {
        row.next();
        String file = row.getString(1);
        row.close();
        statement.execute("PURGE BINARY LOGS TO '" + file + "'");
      }
    }
    try (WitnessFixture run = new WitnessFixture(mysql, table, directory)) {
      Awaitility.await().atMost(WitnessFixture.SOON).until(run::wholeIsDirty);
      assertThat(run.lane().notice().incidents().toString()).contains("witness-gap");
      assertThat(run.lane().notice().counted("witness-purged")).isEqualTo(1);
      run.await("reading", true);
      run.bypass("INSERT INTO follower VALUES (3, 1, 0)");
      run.await("bypassed", 1L);
    }
    try (WitnessFixture run = run(mysql, table)) {
      assertThat(run.lane().notice().incidents()).isEmpty();
    }
  }

  @Test
  void goesOnAtAnotherServerThatHasAllItHasSeenAndFallsBackWhereItHasNot() throws Exception {
    TableName table = table(withGtids);
    try (WitnessFixture run = run(withGtids, table)) {
      run.bypass("INSERT INTO follower VALUES (1, 1, 0)");
      run.await("bypassed", 1L);
      run.clean();
    }
    String executed;
    try (Connection connection = withGtids.connect("");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@global.gtid_executed")) {
      row.next();
      executed = row.getString(1);
    }
    try (EmbeddedMySql next = EmbeddedMySql.start(MySqlOptions.temporary())) {
      execute(
          next,
          "",
          "CREATE DATABASE " + table.schema(),
          "CREATE TABLE "
              + table
              + " (user_id BIGINT, follower_id BIGINT, status INT, PRIMARY KEY (user_id,"
              + " follower_id))",
          "RESET MASTER",
          "SET GLOBAL gtid_purged='" + executed + "'",
          "INSERT INTO " + table + " VALUES (2, 1, 0)");
      try (WitnessFixture run = run(next, table)) {
        run.await("bypassed", 1L);
        assertThat(run.wholeIsDirty()).isFalse();
        assertThat(run.clean()).hasSize(1);
        assertThat(run.lane().notice().counted("witness-failovers")).isEqualTo(1);
      }
    }
    try (WitnessFixture run = new WitnessFixture(withGtids, table, directory)) {
      Awaitility.await().atMost(WitnessFixture.SOON).until(run::wholeIsDirty);
      assertThat(run.lane().notice().counted("witness-failover")).isEqualTo(1);
    }
  }

  @Test
  void goesOnWhenMySqlWasAwayAndWhatItAnnouncedBeforeStaysAnnounced() throws Exception {
    TableName table = table(withGtids);
    try (WitnessFixture run = run(withGtids, table)) {
      ProxiedSession session = run.session();
      session.run("INSERT INTO follower VALUES (1, 1, 0)");
      withGtids.kill9();
      session.lost();
      run.await("reading", false);
      withGtids.restart();
      run.await("reading", true);
      run.await("announced", 1L);
      run.bypass("INSERT INTO follower VALUES (1, 2, 0)");
      run.await("bypassed", 1L);
      assertThat(run.status()).containsEntry("seen", 2L);
      assertThat(run.wholeIsDirty()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRUNCATE TABLE follower",
        "/* by hand */ ALTER TABLE `follower` ADD INDEX (status)",
        "SET binlog_format=STATEMENT; UPDATE follower SET status=1",
        "DELETE FROM account WHERE id=1",
        "SET binlog_row_value_options=PARTIAL_JSON; UPDATE follower SET doc=JSON_SET(doc, '$.a', 2)"
      })
  void marksTheWholeTableWhereTheBinlogNamesNoKeys(String sql) throws Exception {
    TableName table =
        table(
            withGtids,
            "user_id BIGINT, follower_id BIGINT, status INT, doc JSON, PRIMARY KEY (user_id,"
                + " follower_id)");
    execute(
        withGtids,
        table.schema(),
        "CREATE TABLE account (id BIGINT PRIMARY KEY)",
        "INSERT INTO account VALUES (1), (2)",
        "INSERT INTO follower VALUES (1, 1, 0, JSON_OBJECT('a', 1, 'b', REPEAT('b', 2000)))",
        "ALTER TABLE follower ADD FOREIGN KEY (user_id) REFERENCES account (id) ON DELETE CASCADE");
    try (WitnessFixture run = run(withGtids, table)) {
      run.bypass("INSERT INTO follower VALUES (2, 2, 0, NULL)");
      run.await("bypassed", 1L);
      assertThat(run.wholeIsDirty()).isFalse();
      run.bypass(sql.split("; ", -1));
      Awaitility.await().atMost(WitnessFixture.SOON).until(run::wholeIsDirty);
      run.await("bypassed", 2L);
      run.clean();
      Awaitility.await()
          .atMost(WitnessFixture.SOON)
          .untilAsserted(
              () -> {
                run.bypass("INSERT INTO follower VALUES (2, 3, 0, NULL)");
                run.bypass("DELETE FROM follower WHERE follower_id=3");
                assertThat(run.clean()).as("keys can be told again").isNotEmpty();
              });
    }
  }

  @Test
  void tellsKeysAgainWhenTheMirrorHasGoneOverToANewDefinition() throws Exception {
    TableName table = table(withGtids);
    try (WitnessFixture run = run(withGtids, table)) {
      run.bypass("ALTER TABLE follower ADD COLUMN note VARCHAR(10) DEFAULT 'x' FIRST");
      Awaitility.await().atMost(WitnessFixture.SOON).until(run::wholeIsDirty);
      run.follow();
      run.clean();
      AtomicInteger row = new AtomicInteger();
      Awaitility.await()
          .atMost(WitnessFixture.SOON)
          .untilAsserted(
              () -> {
                run.bypass(
                    "INSERT INTO follower (user_id, follower_id) VALUES (2, %d)"
                        .formatted(row.incrementAndGet()));
                assertThat(run.clean()).as("keys can be told again").isNotEmpty();
              });
      run.bypass("DELETE FROM follower");
      run.bypass("INSERT INTO follower (user_id, follower_id) VALUES (3, 4)");
      Key inserted = run.keysInMySql().iterator().next();
      Awaitility.await().atMost(WitnessFixture.SOON).until(() -> run.isDirty(inserted));
      assertThat(run.wholeIsDirty()).isFalse();
    }
  }

  @Test
  void marksAPreparedTransactionOfASessionThatBypassesWhenItIsCommitted() throws Exception {
    TableName table = table(withGtids);
    try (WitnessFixture run = run(withGtids, table)) {
      run.bypass(
          "XA START 'w', 'b', 3",
          "INSERT INTO follower VALUES (1, 1, 0)",
          "XA END 'w', 'b', 3",
          "XA PREPARE 'w', 'b', 3");
      run.await("bypassed", 1L);
      List<Key> seenPrepared = run.clean();
      assertThat(seenPrepared).hasSize(1);
      run.bypass("XA COMMIT 'w', 'b', 3");
      Awaitility.await().atMost(WitnessFixture.SOON).until(() -> run.isDirty(seenPrepared.get(0)));
      assertThat(run.wholeIsDirty()).isFalse();
    }
  }

  @Test
  void saysWhatIsMissingOnTheServer() throws Exception {
    execute(
        withGtids,
        "",
        "CREATE USER IF NOT EXISTS 'poor'@'%' IDENTIFIED WITH mysql_native_password BY 'poor'",
        "SET GLOBAL binlog_format=MIXED");
    try (MySqlPool pool =
        new MySqlPool(
            new InetSocketAddress(withGtids.host(), withGtids.port()), "poor", "poor", 2)) {
      List<String> problems = pool.with(Witness::problems);
      assertThat(problems)
          .hasSize(3)
          .anySatisfy(p -> assertThat(p).contains("SET PERSIST binlog_format=ROW"))
          .anySatisfy(p -> assertThat(p).contains("GRANT REPLICATION SLAVE ON *.*"))
          .anySatisfy(p -> assertThat(p).contains("GRANT REPLICATION CLIENT ON *.*"));
      execute(withGtids, "", "SET GLOBAL binlog_format=ROW");
    }
    try (MySqlPool pool =
        new MySqlPool(
            new InetSocketAddress(withGtids.host(), withGtids.port()),
            "crossfade",
            "crossfade",
            2)) {
      List<String> problems = pool.with(Witness::problems);
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void refusesABinlogThatSchemasAreKeptOutOf() throws Exception {
    try (EmbeddedMySql filtered =
            EmbeddedMySql.start(
                MySqlOptions.temporary().withFlags("--binlog-ignore-db=somewhere"));
        MySqlPool pool =
            new MySqlPool(
                new InetSocketAddress(filtered.host(), filtered.port()),
                "crossfade",
                "crossfade",
                2)) {
      List<String> problems = pool.with(Witness::problems);
      assertThat(problems)
          .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
          .contains("without binlog_do_db and binlog_ignore_db");
    }
  }
}

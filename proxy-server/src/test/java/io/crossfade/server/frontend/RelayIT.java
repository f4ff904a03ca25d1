package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real drivers against real MySQL through the relay. */
class RelayIT {
  private static final ScriptedPlugin PLUGIN = new ScriptedPlugin();
  private static MySqlServer mysql;
  private static String schema;
  private static RelayFixture relay;

  @BeforeAll
  static void start() throws Exception {
    mysql = SharedServers.mysql();
    schema = mysql.createSchema("relay");
    relay = new RelayFixture(mysql, List.of(new TableName(schema, "watched")), PLUGIN);
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE watched (id INT PRIMARY KEY, v VARCHAR(50))");
      s.execute("CREATE TABLE plain (id INT PRIMARY KEY AUTO_INCREMENT, v LONGBLOB)");
    }
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  @BeforeEach
  void clean() throws Exception {
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement()) {
      s.execute("DELETE FROM watched");
      s.execute("DELETE FROM plain");
    }
    PLUGIN.clear();
    PLUGIN.attentive = false;
  }

  @ParameterizedTest
  @CsvSource({
    "mysql,app,app,useSSL=false",
    "mysql,app,app,sslMode=REQUIRED",
    "mysql,sha2,sha2,sslMode=REQUIRED",
    "mysql,sha2,sha2,useSSL=false&allowPublicKeyRetrieval=true",
    "mariadb,app,app,sslMode=disable&permitMysqlScheme",
    "mariadb,app,app,sslMode=trust&permitMysqlScheme",
    "mariadb,sha2,sha2,sslMode=trust&permitMysqlScheme",
    "mariadb,sha2,sha2,sslMode=disable&allowPublicKeyRetrieval=true&permitMysqlScheme"
  })
  void authenticatesEndToEnd(String driver, String user, String password, String options)
      throws Exception {
    // Twice: caching_sha2_password takes its full path first, its fast one afterwards.
    for (int i = 0; i < 2; i++) {
      try (Connection c = open(driver, user, password, options);
          Statement s = c.createStatement();
          ResultSet r = s.executeQuery("SELECT CURRENT_USER(), DATABASE(), @@version")) {
        assertThat(r.next()).isTrue();
        assertThat(r.getString(1)).startsWith(user + "@");
        assertThat(r.getString(2)).isEqualTo(schema);
      }
    }
  }

  private static Connection open(String driver, String user, String password, String options)
      throws Exception {
    String url = relay.url(schema, options);
    if (driver.equals("mysql")) {
      return DriverManager.getConnection(url, user, password);
    }
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return new org.mariadb.jdbc.Driver().connect(url, properties);
  }

  @Test
  void relaysARefusedLogin() {
    assertThatThrownBy(() -> relay.connect(schema, "app", "wrong", ""))
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getErrorCode())
        .isEqualTo(1045);
    assertThat(relay.count("crossfade.relay.login.failures")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "useServerPrepStmts=true",
        "useServerPrepStmts=true&cachePrepStmts=true",
        "useServerPrepStmts=true&useCursorFetch=true&defaultFetchSize=7",
        "sslMode=REQUIRED&useServerPrepStmts=true"
      })
  void preparedStatementsWriteAndRead(String options) throws Exception {
    try (Connection c = relay.connect(schema, "app", "app", options)) {
      try (PreparedStatement p = c.prepareStatement("INSERT INTO watched VALUES (?, ?)")) {
        for (int i = 0; i < 50; i++) {
          p.setInt(1, i);
          p.setString(2, i % 3 == 0 ? null : "v" + i);
          assertThat(p.executeUpdate()).isEqualTo(1);
        }
      }
      for (int round = 0; round < 3; round++) {
        try (PreparedStatement p =
            c.prepareStatement("SELECT id, v FROM watched WHERE id >= ? ORDER BY id")) {
          p.setInt(1, 10);
          List<String> seen = new ArrayList<>();
          try (ResultSet r = p.executeQuery()) {
            while (r.next()) {
              seen.add(r.getInt(1) + "=" + r.getString(2));
            }
          }
          assertThat(seen).hasSize(40).startsWith("10=v10", "11=v11", "12=null");
        }
      }
    }
    assertThat(PLUGIN.shown(Kind.INSERT)).isEqualTo(50);
    assertThat(PLUGIN.shown(Kind.SELECT)).isEqualTo(3);
    if (options.contains("useServerPrepStmts")) {
      var last =
          PLUGIN.exchanges.stream()
              .filter(e -> e.statements().get(0).statement().kind() == Kind.INSERT)
              .skip(49)
              .findFirst()
              .orElseThrow();
      assertThat(last.statements().get(0).values())
          .extracting(v -> new String(v.bytes(), StandardCharsets.UTF_8))
          .containsExactly("49", "v49");
    }
  }

  @Test
  void followsTransactions() throws Exception {
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      s.executeUpdate("INSERT INTO watched VALUES (1, 'a')");
      c.rollback();
      s.executeUpdate("INSERT INTO watched VALUES (2, 'b')");
      c.commit();
      c.setAutoCommit(true);
      assertThat(column(s, "SELECT id FROM watched")).containsExactly("2");
    }
    assertThat(PLUGIN.outcomes).extracting(o -> o.inTransaction()).startsWith(true, true);
  }

  @Test
  void showsEveryCommandToAnAttentivePlugin() throws Exception {
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      PLUGIN.attentive = true;
      PLUGIN.clear();
      s.execute("SELECT 1");
      s.execute("COMMIT");
      assertThat(PLUGIN.events)
          .containsExactly("before [SELECT]", "after 0 0", "before [COMMIT]", "after 0 0");
    }
  }

  @Test
  void asksForTheTransactionStateAfterAnError() throws Exception {
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      s.executeUpdate("INSERT INTO watched VALUES (1, 'a')");
      assertThatThrownBy(() -> s.executeUpdate("INSERT INTO watched VALUES (1, 'a')"))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getErrorCode())
          .isEqualTo(1062);
      double before = relay.count("crossfade.relay.injected", "query", "ping");
      s.executeUpdate("INSERT INTO watched VALUES (2, 'a')");
      assertThat(relay.count("crossfade.relay.injected", "query", "ping")).isEqualTo(before + 1);
      c.rollback();
    }
    assertThat(PLUGIN.events).contains("after 1062 0");
  }

  @Test
  void relaysSeveralStatementsAndResults() throws Exception {
    try (Connection c = relay.connect(schema, "app", "app", "allowMultiQueries=true");
        Statement s = c.createStatement()) {
      boolean isResult =
          s.execute(
              "INSERT INTO watched VALUES (1,'x'); SELECT 1; SELECT id FROM watched; DELETE FROM watched");
      assertThat(isResult).isFalse();
      assertThat(s.getUpdateCount()).isEqualTo(1);
      assertThat(s.getMoreResults()).isTrue();
      assertThat(s.getMoreResults()).isTrue();
      assertThat(s.getMoreResults()).isFalse();
      assertThat(s.getUpdateCount()).isEqualTo(1);
    }
    assertThat(PLUGIN.events).contains("before [INSERT, SELECT, SELECT, DELETE]");
  }

  @Test
  void followsTheCurrentDatabase() throws Exception {
    try (Connection c = relay.connect("", "app", "app", "allowMultiQueries=true");
        Statement s = c.createStatement()) {
      s.execute("USE `" + schema + "`");
      s.executeUpdate("INSERT INTO watched VALUES (1, 'x')");
      s.execute("SELECT 1; USE mysql");
      s.executeUpdate("INSERT INTO " + schema + ".watched VALUES (2, 'x')");
      c.setCatalog(schema);
      try (Statement after = c.createStatement()) {
        after.executeUpdate("INSERT INTO watched VALUES (3, 'x')");
      }
    }
    assertThat(PLUGIN.exchanges)
        .extracting(e -> e.statements().get(0).statement().tables().get(0).schema())
        .containsExactly(schema, schema, schema);
  }

  @Test
  void streamsLargeRowsAndParameters() throws Exception {
    byte[] big = new byte[20 << 20];
    Arrays.fill(big, (byte) 'x');
    try (Connection admin = mysql.connect("");
        Statement s = admin.createStatement()) {
      s.execute("SET GLOBAL max_allowed_packet = 67108864");
    }
    try (Connection c =
            relay.connect(
                schema, "app", "app", "useServerPrepStmts=true&maxAllowedPacket=67108864");
        PreparedStatement p = c.prepareStatement("INSERT INTO plain(v) VALUES (?)")) {
      p.setBytes(1, big);
      assertThat(p.executeUpdate()).isEqualTo(1);
      try (Statement s = c.createStatement();
          ResultSet r = s.executeQuery("SELECT v FROM plain")) {
        assertThat(r.next()).isTrue();
        assertThat(r.getBytes(1)).isEqualTo(big);
      }
    }
  }

  @Test
  void holdsTheEndOfALargeStatementThatNamesAWatchedTable() throws Exception {
    StringBuilder sql = new StringBuilder("INSERT INTO plain(v) SELECT '");
    sql.append("y".repeat(3 << 20)).append("' FROM watched");
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      s.executeUpdate("INSERT INTO watched VALUES (1, 'x')");
      PLUGIN.clear();
      assertThat(s.executeUpdate(sql.toString())).isEqualTo(1);
      assertThat(PLUGIN.events).containsExactly("before []", "after 0 1");
      PLUGIN.clear();
      s.executeUpdate("INSERT INTO plain(v) VALUES ('" + "z".repeat(3 << 20) + "')");
      assertThat(PLUGIN.events).isEmpty();
    }
  }

  @Test
  void loadsLocalFiles() throws Exception {
    try (Connection c = relay.connect(schema, "app", "app", "allowLoadLocalInfile=true");
        Statement s = c.createStatement()) {
      StringBuilder rows = new StringBuilder();
      for (int i = 0; i < 20_000; i++) {
        rows.append(i).append('\t').append("row ").append(i).append('\n');
      }
      s.unwrap(com.mysql.cj.jdbc.JdbcStatement.class)
          .setLocalInfileInputStream(
              new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.US_ASCII)));
      assertThat(s.executeUpdate("LOAD DATA LOCAL INFILE 'any' INTO TABLE watched"))
          .isEqualTo(20_000);
      assertThat(column(s, "SELECT COUNT(*) FROM watched")).containsExactly("20000");
    }
    assertThat(PLUGIN.shown(Kind.LOAD)).isEqualTo(1);
  }

  @Test
  void sendsLongData() throws Exception {
    try (Connection c = relay.connect(schema, "app", "app", "useServerPrepStmts=true");
        PreparedStatement p = c.prepareStatement("INSERT INTO watched VALUES (?, ?)")) {
      p.setInt(1, 7);
      p.setCharacterStream(2, new java.io.StringReader("streamed"));
      assertThat(p.executeUpdate()).isEqualTo(1);
    }
    assertThat(PLUGIN.exchanges.element().statements().get(0).values())
        .extracting(v -> v.form().name())
        .containsExactly("INTEGER", "UNKNOWN");
  }

  @Test
  void changesTheUserOnAnOpenConnection() throws Exception {
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      s.execute("SET @x = 1");
      c.unwrap(com.mysql.cj.jdbc.JdbcConnection.class).changeUser("sha2", "sha2");
      try (Statement again = c.createStatement()) {
        assertThat(column(again, "SELECT CURRENT_USER()").get(0)).startsWith("sha2@");
      }
    }
  }

  @Test
  void refusesClientsBeyondTheLimit() throws Exception {
    try (RelayFixture small =
            new RelayFixture(RelayFixture.settings(mysql.host(), mysql.port(), 1), List.of());
        Connection first = small.connect(schema)) {
      assertThat(first.isValid(5)).isTrue();
      assertThatThrownBy(() -> small.connect(schema))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getErrorCode())
          .isEqualTo(1040);
    }
  }

  @Test
  void saysThatMySqlIsUnreachable() {
    try (RelayFixture blind =
        new RelayFixture(RelayFixture.settings("127.0.0.1", 1, 10), List.of())) {
      assertThatThrownBy(() -> blind.connect(schema))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getErrorCode())
          .isEqualTo(2003);
      assertThat(blind.count("crossfade.relay.mysql.connect.failures")).isEqualTo(1);
    }
  }

  @Test
  void namesTheTakenPort() {
    var settings = RelayFixture.settings(mysql.host(), mysql.port(), 1);
    var taken =
        new io.crossfade.server.session.RelaySettings(
            relay.address,
            settings.mysql(),
            null,
            null,
            1024,
            settings.pluginTimeLimit(),
            1,
            settings.connectTimeout(),
            1);
    assertThatThrownBy(() -> new RelayFixture(taken, List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot listen on")
        .hasMessageContaining(String.valueOf(relay.address.getPort()));
  }

  @Test
  void closesTheClientWhenMySqlKillsTheSession() throws Exception {
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      String id = column(s, "SELECT CONNECTION_ID()").get(0);
      try (Connection admin = mysql.connect("");
          Statement kill = admin.createStatement()) {
        kill.execute("KILL " + id);
      }
      assertThatThrownBy(() -> s.execute("SELECT 1")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void endsEverySessionOnce() throws Exception {
    int before = PLUGIN.open.get();
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      connections.add(relay.connect(schema));
    }
    assertThat(PLUGIN.open).hasValue(before + 5);
    for (Connection c : connections) {
      c.close();
    }
    await().untilAsserted(() -> assertThat(PLUGIN.open).hasValue(before));
    await()
        .untilAsserted(
            () -> assertThat(PLUGIN.events.stream().filter("closed"::equals)).hasSize(5));
  }

  @Test
  void drainsIdleSessionsAndLetsTransactionsFinish() throws Exception {
    try (RelayFixture own = new RelayFixture(mysql, List.of());
        Connection idle = own.connect(schema)) {
      Connection busy = own.connect(schema);
      Statement s = busy.createStatement();
      busy.setAutoCommit(false);
      s.executeUpdate("INSERT INTO plain(v) VALUES ('x')");
      Thread drain = new Thread(() -> own.server.drain(java.time.Duration.ofSeconds(20)));
      drain.start();
      await().untilAsserted(() -> assertThat(own.server.connections()).isEqualTo(1));
      assertThatThrownBy(() -> own.connect(schema)).isInstanceOf(SQLException.class);
      s.executeUpdate("INSERT INTO plain(v) VALUES ('y')");
      busy.commit();
      drain.join(5_000);
      assertThat(drain.isAlive()).isFalse();
      assertThat(own.server.connections()).isZero();
      assertThat(idle.isValid(1)).isFalse();
    }
  }

  private static List<String> column(Statement s, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet r = s.executeQuery(sql)) {
      while (r.next()) {
        values.add(r.getString(1));
      }
    }
    return values;
  }
}

package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMySqlIT {
  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(row.getMetaData().getColumnCount());
    }
  }

  @Test
  void isSetUpLikeAPrimary() throws SQLException {
    try (Connection root = SharedServers.mysql().connect("")) {
      assertThat(ask(root, "SELECT @@version")).startsWith("8.0.31");
      assertThat(
              ask(
                  root,
                  "SELECT CONCAT_WS(' ', @@gtid_mode, @@binlog_format, @@log_bin, @@sync_binlog,"
                      + " @@innodb_flush_log_at_trx_commit, @@time_zone, @@character_set_server,"
                      + " @@local_infile, @@max_connections, @@bind_address)"))
          .isEqualTo("ON ROW 1 1 1 +00:00 utf8mb4 1 1000 127.0.0.1");
      assertThat(ask(root, "SHOW STATUS LIKE 'Threads_connected'")).isNotEqualTo("0");
      assertThat(ask(root, "SELECT COUNT(*) FROM information_schema.processlist"))
          .isNotEqualTo("0");
    }
  }

  @Test
  void offersTlsToBothAuthenticationPlugins() throws SQLException {
    String url = SharedServers.mysql().jdbcUrl("") + "?sslMode=REQUIRED";
    for (String user : new String[] {"app", "sha2", "crossfade"}) {
      try (Connection connection = DriverManager.getConnection(url, user, user)) {
        assertThat(ask(connection, "SHOW STATUS LIKE 'Ssl_cipher'")).isNotEmpty();
      }
    }
  }

  @Test
  void givesTheProxyNoRightToWrite() throws SQLException {
    String schema = SharedServers.mysql().createSchema("sandbox");
    String url = SharedServers.mysql().jdbcUrl(schema);
    try (Connection proxy = DriverManager.getConnection(url, "crossfade", "crossfade");
        Statement statement = proxy.createStatement()) {
      statement.executeQuery("XA RECOVER").close();
      statement.executeQuery("SHOW MASTER STATUS").close();
      assertThatThrownBy(() -> statement.executeUpdate("CREATE TABLE t (a INT)"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("denied");
    }
  }

  @Test
  void keepsCommittedRowsOverAKillAndANewServerInTheSameDirectory(@TempDir Path directory)
      throws SQLException {
    MySqlOptions options = MySqlOptions.in(directory).withBufferPoolMiB(32);
    try (EmbeddedMySql mysql = EmbeddedMySql.start(options.withFlags("--sql-mode=ANSI_QUOTES"))) {
      long firstPid = mysql.pid();
      try (Connection root = mysql.connect("");
          Statement statement = root.createStatement()) {
        statement.executeUpdate("CREATE DATABASE kept");
        statement.executeUpdate("CREATE TABLE kept.t (a INT PRIMARY KEY)");
        statement.executeUpdate("INSERT INTO kept.t VALUES (7)");
        assertThat(ask(root, "SELECT @@sql_mode")).contains("ANSI_QUOTES");
        mysql.kill9();
        assertThat(mysql.isAlive()).isFalse();
        assertThat(ProcessHandle.of(firstPid)).isEmpty();
      }
      mysql.restart();
      assertThat(mysql.pid()).isNotEqualTo(firstPid);
      try (Connection root = mysql.connect("kept")) {
        assertThat(ask(root, "SELECT a FROM t")).isEqualTo("7");
      }
    }
    try (EmbeddedMySql mysql = EmbeddedMySql.start(options);
        Connection root = mysql.connect("kept")) {
      assertThat(ask(root, "SELECT a FROM t")).isEqualTo("7");
    }
    assertThat(directory.resolve("data")).isDirectory();
  }

  @Test
  void answersNothingWhilePausedAndEverythingAfterwards() throws SQLException {
    try (EmbeddedMySql mysql = EmbeddedMySql.start(MySqlOptions.temporary())) {
      String impatient =
          mysql.jdbcUrl("") + "?user=app&password=app&connectTimeout=300&socketTimeout=300";
      mysql.pause();
      assertThatThrownBy(() -> DriverManager.getConnection(impatient))
          .isInstanceOf(SQLException.class);
      mysql.resume();
      try (Connection connection = DriverManager.getConnection(impatient)) {
        assertThat(connection.isValid(5)).isTrue();
      }
    }
  }

  @Test
  void saysWhyItDidNotStart(@TempDir Path directory) {
    MySqlOptions wrong = MySqlOptions.in(directory).withFlags("--no-such-option");

    assertThatThrownBy(() -> EmbeddedMySql.start(wrong))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("no-such-option");
    assertThat(Files.exists(directory.resolve("data"))).isFalse();
  }
}

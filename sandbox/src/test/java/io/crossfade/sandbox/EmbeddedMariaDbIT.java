package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMariaDbIT {
  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  @Test
  void isAMariaDbWithTheAccountsOfTheSandbox(@TempDir Path directory) throws SQLException {
    try (EmbeddedMariaDb mariadb =
        EmbeddedMariaDb.start(MySqlOptions.in(directory).withBufferPoolMiB(32))) {
      try (Connection root = mariadb.connect("");
          Statement statement = root.createStatement()) {
        assertThat(ask(root, "SELECT VERSION()")).startsWith("10.11.5-MariaDB");
        assertThat(ask(root, "SELECT CONCAT_WS(' ', @@log_bin, @@sync_binlog, @@time_zone)"))
            .isEqualTo("ON 1 +00:00");
        statement.executeUpdate("CREATE DATABASE kept");
        statement.executeUpdate("CREATE TABLE kept.t (a INT PRIMARY KEY)");
      }
      try (Connection app = mariadb.connect("kept", "app", "app");
          Statement statement = app.createStatement()) {
        statement.executeUpdate("INSERT INTO t VALUES (7)");
      }
      mariadb.kill9();
      mariadb.restart();
      try (Connection proxy = mariadb.connect("kept", "crossfade", "crossfade")) {
        assertThat(ask(proxy, "SELECT a FROM t")).isEqualTo("7");
      }
    }
  }
}

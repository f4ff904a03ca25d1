package io.crossfade.dualwrite.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.OptionalLong;

/** What a MySQL server says about how much it has to do. */
public final class ServerLoad {
  private static final int SYNTAX = 1064;

  private ServerLoad() {}

  /** Statements being executed now, the one that asks among them: {@code Threads_running}. */
  public static long threadsRunning(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Threads_running'")) {
      rows.next();
      return rows.getLong(2);
    }
  }

  /**
   * How many seconds a replica is behind, the slowest of its channels. Needs REPLICATION CLIENT.
   *
   * @return empty when the server is no replica, or does not replicate now
   */
  public static OptionalLong secondsBehind(Connection connection) throws SQLException {
    try {
      return secondsBehind(connection, "SHOW REPLICA STATUS");
    } catch (SQLException e) {
      if (e.getErrorCode() != SYNTAX) {
        throw e;
      }
      return secondsBehind(connection, "SHOW SLAVE STATUS"); // before 8.0.22
    }
  }

  private static OptionalLong secondsBehind(Connection connection, String sql) throws SQLException {
    OptionalLong slowest = OptionalLong.empty();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        long seconds = rows.getLong(lagColumn(rows.getMetaData()));
        if (!rows.wasNull()) {
          slowest = OptionalLong.of(Math.max(slowest.orElse(0), seconds));
        }
      }
    }
    return slowest;
  }

  private static int lagColumn(ResultSetMetaData columns) throws SQLException {
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      if (columns.getColumnLabel(i).toLowerCase(Locale.ROOT).startsWith("seconds_behind_")) {
        return i;
      }
    }
    throw new SQLException("the server does not say how far it is behind");
  }
}

package io.crossfade.dualwrite.witness;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the witness asks MySQL by SQL. Stateless. */
final class Server {
  /** ER_PARSE_ERROR. */
  private static final int UNKNOWN_STATEMENT = 1064;

  private static final String LIST = "information_schema.PROCESSLIST";
  private static final String LIGHT_LIST = "performance_schema.processlist";

  private static final String FACTS =
      "SELECT @@server_uuid, @@server_id, @@global.gtid_mode, @@global.gtid_executed,"
          + " @@performance_schema";

  private Server() {}

  /**
   * A server and where its binlog ends.
   *
   * @param uuid {@code @@server_uuid}
   * @param serverId {@code @@server_id}
   * @param end after everything whose commit was answered before the question
   * @param processlist the table of who is connected
   */
  record State(String uuid, long serverId, Position end, String processlist) {}

  /** What speaks against reading the binlog, each with what to do. */
  static void check(Connection connection, List<String> problems) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery("SELECT @@global.log_bin, @@global.binlog_format")) {
        row.next();
        if (row.getInt(1) == 0) {
          problems.add(
              "witness.enabled: MySQL writes no binlog (log_bin=OFF): start it with --log-bin, or"
                  + " switch the witness off");
          return;
        }
        if (!"ROW".equalsIgnoreCase(row.getString(2))) {
          problems.add(
              "witness.enabled: binlog_format is "
                  + row.getString(2)
                  + ", which does not name the rows changed: SET PERSIST binlog_format=ROW");
        }
      }
      String grants = grants(statement);
      boolean granted = true;
      for (String privilege : List.of("REPLICATION SLAVE", "REPLICATION CLIENT")) {
        if (!grants.contains("GRANT ALL PRIVILEGES ON *.* ") && !grants.contains(privilege)) {
          problems.add(
              "witness.enabled: the mirror's account lacks "
                  + privilege
                  + ": GRANT "
                  + privilege
                  + " ON *.* to it");
          granted = false;
        }
      }
      if (granted) {
        try {
          end(statement, "", null);
        } catch (SQLException e) {
          problems.add("witness.enabled: " + e.getMessage());
        }
      }
    }
  }

  private static String grants(Statement statement) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (ResultSet rows = statement.executeQuery("SHOW GRANTS")) {
      while (rows.next()) {
        all.append(rows.getString(1).toUpperCase(Locale.ROOT)).append('\n');
      }
    }
    return all.toString();
  }

  /** Looks now. */
  static State state(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String uuid;
      long serverId;
      @Nullable String gtids = null;
      boolean light;
      try (ResultSet row = statement.executeQuery(FACTS)) {
        row.next();
        uuid = row.getString(1);
        serverId = row.getLong(2);
        if ("ON".equalsIgnoreCase(row.getString(3))) {
          String executed = row.getString(4).replaceAll("\\s", "");
          gtids = hasTags(executed) ? null : executed;
        }
        light = row.getBoolean(5);
      }
      String processlist = light && readable(statement) ? LIGHT_LIST : LIST;
      return new State(uuid, serverId, end(statement, uuid, gtids), processlist);
    }
  }

  /** MySQL 8.0.22 and later have a list that stops nobody while it is read. */
  private static boolean readable(Statement statement) {
    try (ResultSet rows = statement.executeQuery("SELECT ID FROM " + LIGHT_LIST + " LIMIT 1")) {
      return rows.next();
    } catch (SQLException e) {
      return false;
    }
  }

  /** GTIDs with tags (MySQL 8.3 and later) are beyond the binlog client. */
  private static boolean hasTags(String gtids) {
    for (String set : gtids.split(",", -1)) {
      for (String part : set.substring(set.indexOf(':') + 1).split(":", -1)) {
        if (!part.isEmpty() && !Character.isDigit(part.charAt(0))) {
          return true;
        }
      }
    }
    return false;
  }

  private static Position end(Statement statement, String uuid, @Nullable String gtids)
      throws SQLException {
    try {
      return end(statement, "SHOW MASTER STATUS", uuid, gtids);
    } catch (SQLException e) {
      if (e.getErrorCode() != UNKNOWN_STATEMENT) {
        throw e;
      }
      return end(statement, "SHOW BINARY LOG STATUS", uuid, gtids); // MySQL 8.4 and later
    }
  }

  private static Position end(
      Statement statement, String question, String uuid, @Nullable String gtids)
      throws SQLException {
    try (ResultSet row = statement.executeQuery(question)) {
      if (!row.next()) {
        throw new SQLException("MySQL writes no binlog");
      }
      if (!(row.getString(3) + row.getString(4)).isEmpty()) {
        throw new SQLException(
            "MySQL keeps schemas out of its binlog: start it without binlog_do_db and"
                + " binlog_ignore_db");
      }
      return new Position(uuid, row.getString(1), row.getLong(2), gtids);
    }
  }

  /** Whether the server has executed all of {@code gtids}. */
  static boolean executed(Connection connection, String gtids) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT GTID_SUBSET(?, @@global.gtid_executed)")) {
      statement.setString(1, gtids);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Who is connected, {@code user@host} by connection id. */
  static Map<Long, String> connections(Connection connection, String processlist)
      throws SQLException {
    Map<Long, String> found = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT ID, USER, HOST FROM " + processlist)) {
      while (rows.next()) {
        found.put(rows.getLong(1), account(rows.getString(2), rows.getString(3)));
      }
    }
    return found;
  }

  /** Who a connection is, if it is still there. */
  static Optional<String> connection(Connection connection, String processlist, long id)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT USER, HOST FROM " + processlist + " WHERE ID=?")) {
      statement.setLong(1, id);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(account(row.getString(1), row.getString(2)))
            : Optional.empty();
      }
    }
  }

  private static String account(String user, @Nullable String host) {
    String name = host == null ? "" : host;
    int port = name.lastIndexOf(':');
    return user + "@" + (port < 0 ? name : name.substring(0, port));
  }
}

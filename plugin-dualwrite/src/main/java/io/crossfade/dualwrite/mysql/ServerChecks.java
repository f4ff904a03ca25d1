package io.crossfade.dualwrite.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must be true of the MySQL server for the version rule to hold. Stateless. */
public final class ServerChecks {
  private static final Pattern GLOBAL = Pattern.compile("(?i)GRANT (.*) ON \\*\\.\\* TO .*");

  private static final Map<String, String> NEEDED = new LinkedHashMap<>();

  static {
    NEEDED.put("PROCESS", "tells whether a lost session has ended");
    NEEDED.put("SHOW VIEW", "shows the views that reach a watched table");
    NEEDED.put("TRIGGER", "shows the triggers and foreign keys that reach a watched table");
    NEEDED.put("SHOW_ROUTINE", "shows the routines that reach a watched table");
    NEEDED.put("XA_RECOVER_ADMIN", "tells whether a prepared XA transaction is still there");
  }

  private ServerChecks() {}

  /**
   * Checks the server.
   *
   * @param problems gets a line for each premise that does not hold
   * @return {@code @@server_uuid}
   */
  public static String check(Connection connection, List<String> problems) throws SQLException {
    Look look = Look.at(connection);
    if (look.readOnly()) {
      problems.add("MySQL is read-only (@@read_only=1): point Crossfade at the primary");
    }
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT SYSDATE(6), SLEEP(0.01), SYSDATE(6)")) {
        rows.next();
        if (rows.getString(1).equals(rows.getString(3))) {
          problems.add(
              "MySQL runs with --sysdate-is-now: SYSDATE() must be the clock of the moment; remove"
                  + " the option");
        }
      }
      missing(statement)
          .forEach(
              (privilege, why) ->
                  problems.add(
                      "the mirror's account lacks "
                          + privilege
                          + ", which "
                          + why
                          + ": GRANT "
                          + privilege
                          + " ON *.* to it"));
      if (primaries(statement) > 1) {
        problems.add("MySQL is a multi-primary group: versions of two clocks do not compare");
      }
    }
    return look.serverUuid();
  }

  /**
   * The global privileges that are needed and not there, with what they are for. Without one of
   * them {@code information_schema} hides whole rows: what reaches a watched table would not be
   * known.
   */
  private static Map<String, String> missing(Statement statement) throws SQLException {
    Map<String, String> missing = new LinkedHashMap<>(NEEDED);
    boolean mayReadAll = false;
    try (ResultSet rows = statement.executeQuery("SHOW GRANTS")) {
      while (rows.next()) {
        Matcher grant = GLOBAL.matcher(rows.getString(1));
        if (grant.matches()) {
          List<String> privileges = List.of(grant.group(1).toUpperCase(Locale.ROOT).split(", *"));
          if (privileges.contains("ALL PRIVILEGES")) {
            return Map.of();
          }
          mayReadAll |= privileges.contains("SELECT");
          missing.keySet().removeAll(privileges);
        }
      }
    }
    if (mayReadAll) {
      missing.remove("SHOW_ROUTINE"); // SELECT on everything shows routines too
    }
    return missing;
  }

  private static long primaries(Statement statement) {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE"
                + " MEMBER_ROLE='PRIMARY'")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      return 0; // no such table or no right to read it: not a group that we know of
    }
  }

  /**
   * The ids of all client connections of the server, as an account with PROCESS sees them; without
   * the server's own threads and the dumps of replicas.
   */
  public static Set<Long> connectionIds(Connection connection) throws SQLException {
    Set<Long> ids = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE USER NOT IN ('system"
                    + " user','event_scheduler') AND COMMAND NOT IN ('Daemon','Binlog Dump','Binlog"
                    + " Dump GTID')")) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }

  /**
   * The prepared XA transactions, {@code formatID:gtrid:bqual} with the last two in hexadecimal.
   */
  public static Set<PreparedXa> prepared(Connection connection) throws SQLException {
    Set<PreparedXa> found = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("XA RECOVER CONVERT XID")) {
      while (rows.next()) {
        found.add(
            new PreparedXa(rows.getLong(1), rows.getInt(2), rows.getInt(3), rows.getString(4)));
      }
    }
    return found;
  }

  /**
   * A line of {@code XA RECOVER CONVERT XID}.
   *
   * @param data {@code 0x} and gtrid and bqual in hexadecimal
   */
  public record PreparedXa(long formatId, int gtridLength, int bqualLength, String data) {}
}

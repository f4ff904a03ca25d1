package io.crossfade.dualwrite.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One look at a server: its clock and whether it is the writable server it should be, in one
 * statement on one connection.
 *
 * @param millis {@code SYSDATE(6)}, floored to milliseconds since 1970-01-01 UTC
 * @param serverUuid {@code @@server_uuid}
 * @param readOnly {@code @@read_only}
 */
public record Look(long millis, String serverUuid, boolean readOnly) {
  private static final String SQL =
      "SELECT TIMESTAMPDIFF(MICROSECOND,'1970-01-01 00:00:00',SYSDATE(6)) DIV 1000,"
          + " @@server_uuid, @@global.read_only";

  /** Looks now. */
  public static Look at(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(SQL)) {
      rows.next();
      return new Look(rows.getLong(1), rows.getString(2), rows.getInt(3) != 0);
    }
  }
}

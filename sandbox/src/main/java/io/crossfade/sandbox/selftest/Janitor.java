package io.crossfade.sandbox.selftest;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Ends transactions that a session prepared and left; only those of the scratch schemas. */
final class Janitor {
  private static final int FORMAT = 1;
  private static final int GTRID_LENGTH = 2;
  private static final int DATA = 4;

  private final Login login;
  private final List<String> schemas;
  private final SplittableRandom random;
  private final Counts counts;

  Janitor(Login login, List<String> schemas, SplittableRandom random, Counts counts) {
    this.login = login;
    this.schemas = schemas;
    this.random = random;
    this.counts = counts;
  }

  /** Commits or rolls back what is prepared, through the proxy. */
  void clean() throws SQLException {
    try (Connection c = login.connect(schemas.get(0));
        Statement s = c.createStatement()) {
      for (String xid : prepared(s)) {
        try {
          s.execute((random.nextBoolean() ? "XA COMMIT " : "XA ROLLBACK ") + xid);
          counts.event("prepared transactions ended for others");
        } catch (SQLException e) {
          // Its own session is still there and ends it, or has just done so.
          counts.event("prepared transactions that were not free");
        }
      }
    }
  }

  private List<String> prepared(Statement s) throws SQLException {
    List<String> xids = new ArrayList<>();
    try (ResultSet r = s.executeQuery("XA RECOVER")) {
      while (r.next()) {
        String data = r.getString(DATA);
        int length = r.getInt(GTRID_LENGTH);
        String gtrid = data.substring(0, length);
        if (schemas.contains(gtrid)) {
          xids.add("'%s', '%s', %d".formatted(gtrid, data.substring(length), r.getInt(FORMAT)));
        }
      }
    }
    return xids;
  }
}

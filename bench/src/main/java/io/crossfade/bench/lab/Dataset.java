package io.crossfade.bench.lab;

import io.crossfade.bench.load.DataShape;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.workload.FollowerTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of the benchmark: {@code bench.follower}, and an empty one that nobody uses. */
public final class Dataset {
  public static final String SCHEMA = "bench";
  public static final String TABLE = SCHEMA + ".follower";

  /** Watched where the statements' own table must not be. */
  static final String OTHER_TABLE = SCHEMA + ".bookmark";

  private Dataset() {}

  /** Creates and fills them, inside MySQL. */
  public static void fill(EmbeddedMySql mysql, DataShape shape) throws SQLException {
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement()) {
      FollowerTable.create(c, SCHEMA);
      s.execute("CREATE TABLE " + OTHER_TABLE + " LIKE " + TABLE);
      s.execute("SET SESSION cte_max_recursion_depth = " + Integer.MAX_VALUE);
      s.execute("USE " + SCHEMA);
      s.execute("CREATE TABLE numbers (n INT PRIMARY KEY)");
      s.execute(
          "INSERT INTO numbers WITH RECURSIVE r AS (SELECT 0 n UNION ALL SELECT n+1 FROM r"
              + " WHERE n < "
              + Math.max(shape.longSize(), shape.shortLists())
              + ") SELECT n FROM r");
      fillLists(
          s, "SELECT n id, " + shape.longSize() + " size FROM numbers WHERE n BETWEEN 1 AND 24");
      fillLists(
          s,
          "SELECT %d + n id, 1 + n %% %d size FROM numbers WHERE n < %d"
              .formatted(DataShape.FIRST_SHORT, DataShape.SHORT_SIZES, shape.shortLists()));
      s.execute("DROP TABLE numbers");
      s.execute("ANALYZE TABLE " + TABLE);
    }
  }

  private static void fillLists(Statement s, String lists) throws SQLException {
    s.execute(
        "INSERT INTO follower SELECT u.id, 1000000 + 7*s.n, TIMESTAMPADD(MICROSECOND,"
            + " 1000*((s.n*7919 + u.id*104729) % 86400000), '2024-01-01'), s.n % 3 FROM ("
            + lists
            + ") u JOIN numbers s ON s.n < u.size");
  }
}

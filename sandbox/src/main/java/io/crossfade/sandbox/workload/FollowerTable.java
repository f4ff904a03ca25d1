package io.crossfade.sandbox.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Creates {@code <schema>.follower} and fills it with history. */
public final class FollowerTable {
  private static final int BATCH = 2_000;

  private FollowerTable() {}

  /** Creates the schema, when missing, and an empty follower table in it. */
  public static void create(Connection connection, String schema) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute("CREATE DATABASE IF NOT EXISTS `" + schema + "` DEFAULT CHARACTER SET utf8mb4");
      s.execute("DROP TABLE IF EXISTS `" + schema + "`.follower");
      s.execute(
          "CREATE TABLE `"
              + schema
              + "`.follower ("
              + "user_id BIGINT NOT NULL, follower_id BIGINT NOT NULL,"
              + " created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),"
              + " status TINYINT NOT NULL DEFAULT 1,"
              + " PRIMARY KEY (user_id, follower_id), KEY user_created (user_id, created_at))");
    }
  }

  /**
   * Inserts one row an edge, with creation times spread over 2024 and 2025 (a function of the
   * edge's position, so that they hardly ever tie within a list).
   */
  public static void fill(Connection connection, String schema, List<Edge> edges)
      throws SQLException {
    boolean auto = connection.getAutoCommit();
    connection.setAutoCommit(false);
    for (int from = 0; from < edges.size(); from += BATCH) {
      List<Edge> part = edges.subList(from, Math.min(edges.size(), from + BATCH));
      StringBuilder sql = new StringBuilder(part.size() * 60);
      sql.append("INSERT INTO `").append(schema);
      sql.append("`.follower (user_id, follower_id, created_at, status) VALUES ");
      for (int i = 0; i < part.size(); i++) {
        sql.append(i == 0 ? "(" : ",(");
        sql.append("?,?,TIMESTAMPADD(MICROSECOND, ?, '2024-01-01 00:00:00'),?)");
      }
      try (PreparedStatement insert = connection.prepareStatement(sql.toString())) {
        int p = 1;
        for (int i = 0; i < part.size(); i++) {
          Edge e = part.get(i);
          long position = from + i;
          insert.setLong(p++, e.user());
          insert.setLong(p++, e.follower());
          insert.setLong(p++, (position * 7_919_003L % 63_072_000_000L) * 1_000L);
          insert.setInt(p++, (int) (position % 3));
        }
        insert.executeUpdate();
      }
      connection.commit();
    }
    connection.setAutoCommit(auto);
  }
}

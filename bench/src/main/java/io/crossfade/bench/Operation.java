package io.crossfade.bench;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** The operations of the benchmark. */
enum Operation {
  POINT_TEXT("SELECT status FROM follower WHERE user_id=? AND follower_id=?", false),
  POINT_PREPARED("SELECT status FROM follower WHERE user_id=? AND follower_id=?", true),
  LIST_100(
      "SELECT follower_id, created_at, status FROM follower WHERE user_id=?"
          + " ORDER BY created_at DESC LIMIT 100",
      true),
  UPSERT(
      "INSERT INTO follower (user_id, follower_id, status) VALUES (?, ?, 1)"
          + " ON DUPLICATE KEY UPDATE status = 1 - status",
      true);

  private final String sql;
  private final boolean prepared;

  Operation(String sql, boolean prepared) {
    this.sql = sql;
    this.prepared = prepared;
  }

  String sql() {
    return sql;
  }

  boolean prepared() {
    return prepared;
  }

  /** Binds random users; writers keep to lists of their own, so that locks are not measured. */
  void bind(PreparedStatement s, SplittableRandom random, long[] users, int client)
      throws SQLException {
    long user = users[random.nextInt(users.length)];
    switch (this) {
      case POINT_TEXT, POINT_PREPARED -> {
        s.setLong(1, user);
        s.setLong(2, users[random.nextInt(users.length)]);
      }
      case LIST_100 -> s.setLong(1, user);
      case UPSERT -> {
        s.setLong(1, 1_000_000_000L + client);
        s.setLong(2, random.nextInt(10_000));
      }
    }
  }
}

package io.crossfade.bench.load;

/** The statements of the benchmark; each parameter is a BIGINT. */
enum StatementKind {
  POINT(StatementKind.COLUMNS + "AND follower_id=?"),
  LIST100(StatementKind.COLUMNS + "ORDER BY created_at DESC LIMIT 100"),
  LIST5000(StatementKind.COLUMNS + "ORDER BY created_at DESC LIMIT 5000"),
  INSERT("INSERT INTO follower (user_id, follower_id, status) VALUES (?, ?, 1)"),
  UPDATE("UPDATE follower SET status=2 WHERE user_id=? AND follower_id=?"),
  DELETE("DELETE FROM follower WHERE user_id=? AND follower_id=?");

  private static final String COLUMNS =
      "SELECT user_id, follower_id, created_at, status FROM follower WHERE user_id=? ";

  private final String sql;

  StatementKind(String sql) {
    this.sql = sql;
  }

  String sql() {
    return sql;
  }

  int parameters() {
    return (int) sql.chars().filter(c -> c == '?').count();
  }
}

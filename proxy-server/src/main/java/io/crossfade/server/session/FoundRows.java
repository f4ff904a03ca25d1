package io.crossfade.server.session;

/** A SELECT after which FOUND_ROWS() is a given number: MySQL has no other way to set it. */
final class FoundRows {
  private static final String TEN =
      "(SELECT 1" + " UNION ALL SELECT 1".repeat(9) + ") "; // derived tables need no rights

  private FoundRows() {}

  /** The SELECT, as many rows as {@code rows}. */
  static String yielding(long rows) {
    // The join may be larger than max_join_size; servers without the hint take it for a comment.
    StringBuilder sql = new StringBuilder("SELECT /*+ SET_VAR(sql_big_selects=1) */ 1 FROM ");
    sql.append(TEN).append("t0");
    int factors = 1;
    for (long rest = (rows - 1) / 10; rest > 0; rest /= 10) {
      sql.append(", ").append(TEN).append('t').append(factors++);
    }
    return sql.append(" LIMIT ").append(rows).toString();
  }
}

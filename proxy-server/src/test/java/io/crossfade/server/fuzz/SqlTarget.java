package io.crossfade.server.fuzz;

import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.api.sql.Statement;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Texts made of pieces of SQL, of quotes and comments that do not end, and of any bytes: the
 * analyzer never throws, ends soon, and what it says is consistent. A plain statement on a table
 * behind all that is never taken for one on another table.
 */
public final class SqlTarget {
  private static final String[] PIECES = {
    "SELECT",
    " ",
    "a",
    ",",
    "FROM",
    "follower",
    "social",
    ".",
    "WHERE",
    "id",
    "=",
    "1",
    "'x'",
    "\"y\"",
    "`z`",
    "(",
    ")",
    "AND",
    "OR",
    "NOT",
    "IN",
    "BETWEEN",
    "LIMIT",
    "OFFSET",
    "ORDER BY",
    "GROUP BY",
    "DESC",
    "INSERT INTO",
    "VALUES",
    "UPDATE",
    "SET",
    "DELETE",
    "REPLACE",
    "ON",
    "DUPLICATE KEY UPDATE",
    "JOIN",
    "UNION",
    "WITH",
    "AS",
    "CASE",
    "WHEN",
    "THEN",
    "END",
    ";",
    "/*",
    "*/",
    "/*!50000 ",
    "-- ",
    "#",
    "\n",
    "'",
    "\"",
    "`",
    "\\",
    "''",
    "?",
    "@a",
    "@@b",
    ":=",
    "0x1F",
    "x'1f'",
    "b'01'",
    "N'n'",
    "_utf8mb4",
    "1e5",
    "-",
    "+",
    "*",
    "1.5",
    "NULL",
    "TRUE",
    "DATE '2020-01-01'",
    "INTERVAL 1 DAY",
    "LIKE",
    "ESCAPE",
    "IS",
    "EXISTS",
    "FOR UPDATE",
    "CALL",
    "LOAD DATA",
    "XA",
    "BEGIN",
    "COMMIT",
    "USE",
    "DROP TABLE",
    "CREATE TABLE",
    "{",
    "}",
    "->",
    "||",
    "/*+ NO_INDEX() */",
    "COLLATE",
    "BINARY",
    "SHOW",
    "EXPLAIN",
    "HANDLER",
    "\u00e4",
    "\u0000",
  };

  private static final SqlMode[] MODES = {
    SqlMode.DEFAULT,
    SqlMode.UNKNOWN,
    new SqlMode(true, true, false),
    new SqlMode(true, false, true),
    new SqlMode(true, true, true)
  };

  private static final DruidSqlAnalyzer ANALYZER = new DruidSqlAnalyzer();

  private SqlTarget() {}

  /** One case. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    SqlMode mode = MODES[(input[0] & 0xFF) % MODES.length];
    byte[] sql = text(input);
    List<Analyzed> all = ANALYZER.analyze(sql, "social", mode);
    if (all.isEmpty()) {
      throw new AssertionError("no statement at all");
    }
    all.forEach(SqlTarget::consistent);
    consistent(ANALYZER.analyzePrepared(sql, "social", mode));
    if (ANALYZER.firstWord(sql) == null) {
      throw new AssertionError("no kind");
    }
  }

  /** From 0x80 on a byte is a piece and what repeats it; below it is itself. */
  private static byte[] text(byte[] input) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 1; i < input.length; i++) {
      int value = input[i] & 0xFF;
      if (value < 0x80) {
        out.write(value);
        continue;
      }
      int next = i + 1 < input.length ? input[++i] & 0xFF : 0;
      byte[] piece = PIECES[next % PIECES.length].getBytes(StandardCharsets.UTF_8);
      int times = value == 0xFF ? 400 : 1 + (value & 3) / 3;
      for (int t = 0; t < times; t++) {
        out.writeBytes(piece);
        out.write(' ');
      }
    }
    return out.toByteArray();
  }

  private static void consistent(Analyzed analyzed) {
    Statement s = analyzed.statement();
    long places = s.template().chars().filter(c -> c == '?').count();
    if (analyzed.values().size() != s.values() || places != s.values()) {
      throw new AssertionError(places + " places, " + s.values() + " values: " + s.template());
    }
    if (s.opaque() != null
        && (s.select() != null || s.insert() != null || s.update() != null || s.delete() != null)) {
      throw new AssertionError("opaque, but understood: " + s.template());
    }
  }
}

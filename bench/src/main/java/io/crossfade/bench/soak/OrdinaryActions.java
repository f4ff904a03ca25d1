package io.crossfade.bench.soak;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.JdbcStatement;
import io.crossfade.bench.soak.Traffic.Kind;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What well-behaved applications do; each action checks what it gets. Thread-safe. */
final class OrdinaryActions {
  private static final int MIB = 1 << 20;

  private final Database database;

  OrdinaryActions(Database database) {
    this.database = database;
  }

  List<Kind> kinds() {
    return List.of(
        new Kind("text", 20, r -> notes(r, database.connect(""))),
        new Kind("prepared", 20, r -> notes(r, database.connect("useServerPrepStmts=true"))),
        new Kind("TLS", 6, r -> notes(r, database.connect("sslMode=REQUIRED"))),
        new Kind(
            "compression asked for",
            6,
            r -> notes(r, database.connect("useCompression=true&useServerPrepStmts=true"))),
        new Kind("caching_sha2", 4, r -> notes(r, database.connect("sha2", ""))),
        new Kind("cursor", 4, this::cursor),
        new Kind("transaction", 8, this::transaction),
        new Kind("many statements", 4, this::manyStatements),
        new Kind("procedure", 4, this::procedure),
        new Kind("load data local", 3, this::loadData),
        new Kind("change user", 3, this::changeUser),
        new Kind("large result", 3, this::largeResult),
        new Kind("large statement", 2, this::largeStatement),
        new Kind("long data", 2, this::longData),
        new Kind("slow reader", 2, this::slowReader),
        new Kind("idle", 3, this::idle));
  }

  private static void check(boolean good, String what) {
    if (!good) {
      throw new IllegalStateException("wrong answer: " + what);
    }
  }

  private static byte[] bytes(SplittableRandom random, int size) {
    byte[] out = new byte[size];
    random.nextBytes(out);
    return out;
  }

  private static long insert(Connection c, int owner, byte[] body) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO note (owner, body) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
      s.setInt(1, owner);
      s.setBytes(2, body);
      check(s.executeUpdate() == 1, "inserted");
      try (ResultSet keys = s.getGeneratedKeys()) {
        check(keys.next(), "generated key");
        return keys.getLong(1);
      }
    }
  }

  private static byte[] read(Connection c, long id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT body FROM note WHERE id = ?")) {
      s.setLong(1, id);
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? r.getBytes(1) : new byte[0];
      }
    }
  }

  private static void delete(Connection c, long id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("DELETE FROM note WHERE id = ?")) {
      s.setLong(1, id);
      check(s.executeUpdate() == 1, "deleted");
    }
  }

  private void notes(SplittableRandom random, Connection opened) throws SQLException {
    try (Connection c = opened) {
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        byte[] body = bytes(random, random.nextInt(1, 40_000));
        long id = insert(c, random.nextInt(1000), body);
        check(Arrays.equals(body, read(c, id)), "body");
        delete(c, id);
      }
      try (Statement s = c.createStatement()) {
        s.executeQuery("SELECT nothing FROM missing");
      } catch (SQLException e) {
        check(e.getErrorCode() == 1146, "error for a missing table: " + e);
      }
    }
  }

  private void cursor(SplittableRandom random) throws SQLException {
    int rows = random.nextInt(1, 900);
    try (Connection c = database.connect("useServerPrepStmts=true&useCursorFetch=true");
        PreparedStatement s = c.prepareStatement(numbers(), ResultSet.TYPE_FORWARD_ONLY)) {
      s.setInt(1, rows);
      s.setFetchSize(50);
      check(count(s.executeQuery()) == rows, "rows by a cursor");
    }
  }

  private static String numbers() {
    return "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        + " SELECT i FROM n";
  }

  private static int count(ResultSet rows) throws SQLException {
    int n = 0;
    try (rows) {
      while (rows.next()) {
        rows.getString(1);
        n++;
      }
    }
    return n;
  }

  private void transaction(SplittableRandom random) throws SQLException {
    try (Connection c = database.connect("useServerPrepStmts=" + random.nextBoolean())) {
      c.setAutoCommit(false);
      long kept = insert(c, -1, bytes(random, 200));
      c.commit();
      long gone = insert(c, -1, bytes(random, 200));
      c.rollback();
      check(read(c, kept).length == 200 && read(c, gone).length == 0, "commit and rollback");
      delete(c, kept);
      c.commit();
    }
  }

  private void manyStatements(SplittableRandom random) throws SQLException {
    try (Connection c = database.connect("allowMultiQueries=true");
        Statement s = c.createStatement()) {
      boolean rows = s.execute("SELECT " + random.nextInt() + "; DO 1; SELECT 2");
      check(rows && count(s.getResultSet()) == 1, "first result");
      check(!s.getMoreResults() && s.getUpdateCount() == 0, "second result");
      check(s.getMoreResults() && count(s.getResultSet()) == 1, "third result");
      try {
        s.execute("SELECT 1; SELECT nothing FROM missing; SELECT 3");
        check(false, "the second statement did not fail");
      } catch (SQLException e) {
        check(e.getErrorCode() == 1146, "error for a missing table: " + e);
      }
      check(one(c, "SELECT 4").equals("4"), "the session goes on");
    }
  }

  private void procedure(SplittableRandom random) throws SQLException {
    int n = random.nextInt(1000);
    try (Connection c = database.connect("");
        CallableStatement s = c.prepareCall("{CALL results(?, ?)}")) {
      s.setInt(1, n);
      s.registerOutParameter(2, java.sql.Types.INTEGER);
      check(s.execute() && count(s.getResultSet()) == 1, "first result");
      check(s.getMoreResults() && count(s.getResultSet()) == 1, "second result");
      check(!s.getMoreResults() && s.getInt(2) == 2 * n, "OUT parameter");
    }
  }

  private void loadData(SplittableRandom random) throws SQLException {
    int rows = random.nextInt(1, 2000);
    int owner = -random.nextInt(2, Integer.MAX_VALUE);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      text.append(owner).append('\t').append("line ").append(i).append('\n');
    }
    try (Connection c = database.connect("allowLoadLocalInfile=true");
        Statement s = c.createStatement()) {
      ((JdbcStatement) s)
          .setLocalInfileInputStream(
              new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII)));
      int loaded = s.executeUpdate("LOAD DATA LOCAL INFILE 'x' INTO TABLE note (owner, body)");
      check(loaded == rows, "rows loaded");
      int deleted = s.executeUpdate("DELETE FROM note WHERE owner = " + owner);
      check(deleted == rows, "rows deleted");
    }
  }

  private void changeUser(SplittableRandom random) throws SQLException {
    try (Connection c = database.connect("useServerPrepStmts=true")) {
      notes(c, random);
      JdbcConnection j = (JdbcConnection) c;
      j.changeUser("sha2", "sha2");
      check(one(c, "SELECT CURRENT_USER()").equals("sha2@%"), "user");
      j.resetServerState();
      j.changeUser("app", "app");
      check(one(c, "SELECT CURRENT_USER()").equals("app@%"), "user");
      notes(c, random);
    }
  }

  private static void notes(Connection c, SplittableRandom random) throws SQLException {
    long id = insert(c, 0, bytes(random, 100));
    delete(c, id);
  }

  private static String one(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      check(r.next(), "a row");
      return String.valueOf(r.getString(1));
    }
  }

  private void largeResult(SplittableRandom random) throws SQLException {
    int size = random.nextInt(1, 40 * MIB);
    try (Connection c = database.connect("sslMode=" + tls(random))) {
      check(one(c, "SELECT REPEAT('x', " + size + ")").length() == size, "length");
    }
  }

  private static String tls(SplittableRandom random) {
    return random.nextInt(4) == 0 ? "REQUIRED" : "DISABLED";
  }

  private void largeStatement(SplittableRandom random) throws SQLException {
    int size = random.nextInt(1, 20 * MIB);
    try (Connection c = database.connect("sslMode=" + tls(random))) {
      String answer = one(c, "SELECT LENGTH('" + "y".repeat(size) + "')");
      check(answer.equals(Integer.toString(size)), "length");
    }
  }

  private void longData(SplittableRandom random) throws SQLException {
    int size = random.nextInt(1, 20 * MIB);
    try (Connection c = database.connect("useServerPrepStmts=true");
        PreparedStatement s = c.prepareStatement("SELECT LENGTH(?)")) {
      s.setBinaryStream(1, new ByteArrayInputStream(new byte[size]));
      try (ResultSet r = s.executeQuery()) {
        check(r.next() && r.getInt(1) == size, "length");
      }
    }
  }

  private void slowReader(SplittableRandom random) throws SQLException {
    int rows = random.nextInt(40, 80);
    try (Connection c = database.connect("");
        PreparedStatement s =
            c.prepareStatement(
                "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                    + " SELECT REPEAT('z', 1000000) FROM n")) {
      s.setInt(1, rows);
      s.setFetchSize(Integer.MIN_VALUE);
      int n = 0;
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          check(r.getBytes(1).length == 1_000_000, "a row");
          n++;
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
      }
      check(n == rows, "rows read slowly");
    }
  }

  private void idle(SplittableRandom random) throws SQLException {
    try (Connection c = database.connect("")) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(random.nextInt(1, 10)));
      check(c.isValid(60), "the connection lives");
    }
  }
}

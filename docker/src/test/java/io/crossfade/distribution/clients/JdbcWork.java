package io.crossfade.distribution.clients;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

/** What an application does through JDBC, whichever driver and options it uses. */
final class JdbcWork {
  private static final int KIND_COLUMNS = 25;
  private static final String INSERT_FOLLOWER =
      "INSERT INTO follower (user_id, follower_id, created_at, status) VALUES (?,?,?,?)";

  private final Connection connection;
  private final Transcript t;

  JdbcWork(Connection connection, Transcript transcript) {
    this.connection = connection;
    this.t = transcript;
  }

  /** Creates the tables and routines that the rest uses; call it once a schema. */
  void prepareSchema() throws SQLException {
    try (Statement s = connection.createStatement()) {
      for (String sql :
          new String[] {
            """
            CREATE TABLE kinds (id INT AUTO_INCREMENT PRIMARY KEY, ti TINYINT, tu TINYINT UNSIGNED,
            b1 TINYINT(1), si SMALLINT, mi MEDIUMINT, i INT, iu INT UNSIGNED, bi BIGINT,
            bu BIGINT UNSIGNED, f FLOAT, d DOUBLE, de DECIMAL(20,6), dt DATE, tm TIME(3),
            dtm DATETIME(6), ts TIMESTAMP(3) NULL, y YEAR, c CHAR(10), v VARCHAR(100), bn BINARY(4),
            vb VARBINARY(50), tx TEXT, bl LONGBLOB, j JSON, e ENUM('a','b'), se SET('x','y','z'),
            bt BIT(9), UNIQUE KEY v_unique (v), KEY i_key (i, iu))""",
            "CREATE TABLE child (id INT PRIMARY KEY, kind INT, note VARCHAR(5),"
                + " CONSTRAINT child_kind FOREIGN KEY (kind) REFERENCES kinds (id))",
            "CREATE PROCEDURE twice (IN a INT, OUT b INT, INOUT c VARCHAR(20))"
                + " BEGIN SET b = a * 2; SET c = CONCAT(c, '!'); SELECT a, b; SELECT c; END",
            "CREATE PROCEDURE follow (IN u BIGINT, IN f BIGINT)"
                + " INSERT INTO follower VALUES (u, f, '2025-05-05 05:05:05.555', 5)",
            "CREATE PROCEDURE refuse ()"
                + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'mine', MYSQL_ERRNO = 4711",
            "CREATE FUNCTION plus1 (a INT) RETURNS INT DETERMINISTIC NO SQL RETURN a + 1",
            "CREATE VIEW followers_of_one AS SELECT * FROM follower WHERE user_id = 1"
          }) {
        t.execute(s, sql);
      }
    }
  }

  /** All kinds of work, once; it can be repeated in the same schema. */
  void all() throws SQLException {
    types();
    t.step("generated keys", this::generatedKeys);
    t.step("batches", this::batches);
    t.step("transactions", this::transactions);
    t.step("routines", this::routines);
    t.step("large result", this::largeResult);
    t.step("updatable result set", this::updatable);
    errors();
    follower();
  }

  /** One row of every type, by setters, and back by getters. */
  private void types() {
    t.step(
        "types",
        () -> {
          try (Statement s = connection.createStatement()) {
            t.execute(s, "DELETE FROM kinds");
            t.execute(s, "ALTER TABLE kinds AUTO_INCREMENT = 1");
          }
          try (PreparedStatement p =
              connection.prepareStatement(
                  "INSERT INTO kinds VALUES (NULL" + ",?".repeat(KIND_COLUMNS + 2) + ")")) {
            fill(p, 1);
            t.add("count " + p.executeUpdate());
            fill(p, -1);
            t.add("count " + p.executeUpdate());
            for (int i = 1; i <= KIND_COLUMNS + 2; i++) {
              p.setNull(i, Types.VARCHAR);
            }
            t.add("count " + p.executeUpdate());
          }
          String all = "SELECT * FROM kinds ORDER BY id";
          try (Statement s = connection.createStatement();
              ResultSet r = s.executeQuery(all)) {
            t.described(r);
          }
          try (PreparedStatement p =
              connection.prepareStatement("SELECT * FROM kinds WHERE id > ? ORDER BY id")) {
            p.setInt(1, 0);
            try (ResultSet r = p.executeQuery()) {
              t.described(r);
            }
          }
        });
  }

  private static void fill(PreparedStatement p, int sign) throws SQLException {
    int i = 1;
    p.setByte(i++, (byte) (sign * 100));
    p.setShort(i++, (short) 200);
    p.setBoolean(i++, sign > 0);
    p.setShort(i++, (short) (sign * 30000));
    p.setInt(i++, sign * 8_000_000);
    p.setInt(i++, sign * 2_000_000_000);
    p.setLong(i++, 4_000_000_000L);
    p.setLong(i++, sign * 9_000_000_000_000_000_000L);
    p.setBigDecimal(i++, new BigDecimal("18446744073709551615"));
    p.setFloat(i++, sign * 1.25f);
    p.setDouble(i++, sign * 3.14159265358979);
    p.setBigDecimal(i++, new BigDecimal("12345678901234.567891").multiply(new BigDecimal(sign)));
    p.setString(i++, "2024-02-29");
    p.setString(i++, sign > 0 ? "12:34:56.789" : "01:02:03.004");
    p.setString(i++, "2024-02-29 23:59:59.123456");
    p.setTimestamp(i++, Timestamp.valueOf("2025-06-30 12:00:00.25"));
    p.setInt(i++, 2025);
    p.setString(i++, "char");
    p.setString(i++, "värchar 'quoted' \\ \" 日本 😀" + sign);
    p.setBytes(i++, new byte[] {0, 1, (byte) 0xFE, (byte) 0xFF});
    p.setBytes(i++, "it's \u0000 \\ binary".getBytes(StandardCharsets.UTF_8));
    p.setString(i++, "text\nwith\tlines");
    byte[] blob = new byte[70_000];
    new Random(7).nextBytes(blob);
    p.setBinaryStream(i++, new ByteArrayInputStream(Arrays.copyOf(blob, 300)), 300);
    p.setString(i++, "{\"a\": [1, 2, {\"b\": null}]}");
    p.setString(i++, sign > 0 ? "a" : "b");
    p.setString(i++, "x,z");
    p.setBytes(i, new byte[] {1, 0x55});
  }

  private void generatedKeys() throws SQLException {
    try (Statement s = connection.createStatement()) {
      t.execute(s, "INSERT INTO kinds (i) VALUES (1), (2), (3)");
      t.execute(s, "INSERT INTO kinds (id, i) VALUES (1000, 4)");
    }
    try (PreparedStatement p =
        connection.prepareStatement(
            "INSERT INTO kinds (i, v) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
      for (int n = 0; n < 3; n++) {
        p.setInt(1, 100 + n);
        p.setString(2, "generated " + n);
        t.add("count " + p.executeUpdate());
        try (ResultSet keys = p.getGeneratedKeys()) {
          t.rows(keys);
        }
      }
    }
    query("SELECT LAST_INSERT_ID(), ROW_COUNT(), FOUND_ROWS()");
  }

  private void batches() throws SQLException {
    try (PreparedStatement p =
        connection.prepareStatement(
            "INSERT INTO kinds (i, v) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
      for (int n = 0; n < 120; n++) {
        p.setInt(1, n);
        p.setString(2, "batch " + n);
        p.addBatch();
      }
      t.add("counts " + Arrays.toString(p.executeBatch()));
      try (ResultSet keys = p.getGeneratedKeys()) {
        t.rows(keys);
      }
    }
    try (Statement s = connection.createStatement()) {
      for (int n = 0; n < 5; n++) {
        s.addBatch("UPDATE kinds SET i = i + 1 WHERE v = 'batch " + n + "'");
      }
      s.addBatch("DELETE FROM kinds WHERE v LIKE 'batch 11%'");
      t.add("counts " + Arrays.toString(s.executeBatch()));
    }
    t.step(
        "batch with a duplicate",
        () -> {
          try (PreparedStatement p =
              connection.prepareStatement("INSERT INTO kinds (i, v) VALUES (?, ?)")) {
            for (String v : new String[] {"new 1", "batch 1", "new 2"}) {
              p.setInt(1, 1);
              p.setString(2, v);
              p.addBatch();
            }
            t.add("counts " + Arrays.toString(p.executeBatch()));
          }
        });
    query("SELECT COUNT(*), SUM(i) FROM kinds");
    query("SELECT v FROM kinds WHERE v LIKE 'new%' ORDER BY v");
    query("SHOW WARNINGS");
  }

  private void transactions() throws SQLException {
    t.add("isolation " + connection.getTransactionIsolation());
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(false);
    try (Statement s = connection.createStatement()) {
      t.execute(s, "INSERT INTO follower VALUES (70, 1, '2025-01-01 00:00:00', 1)");
      Savepoint p = connection.setSavepoint("sp");
      t.execute(s, "INSERT INTO follower VALUES (70, 2, '2025-01-01 00:00:00', 1)");
      connection.rollback(p);
      t.execute(s, "SELECT COUNT(*) FROM follower WHERE user_id = 70");
      connection.commit();
      t.execute(s, "UPDATE follower SET status = 9 WHERE user_id = 70");
      t.execute(s, "INSERT INTO follower VALUES (70, 3, '2025-01-01 00:00:00', 1)");
      connection.rollback();
      t.execute(s, "SELECT * FROM follower WHERE user_id = 70 ORDER BY follower_id");
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    t.step("write when read-only", () -> query("SELECT @@transaction_read_only"));
    connection.setReadOnly(false);
  }

  private void routines() throws SQLException {
    try (CallableStatement call = connection.prepareCall("{call twice(?, ?, ?)}")) {
      call.setInt(1, 21);
      call.registerOutParameter(2, Types.INTEGER);
      call.setString(3, "hé");
      call.registerOutParameter(3, Types.VARCHAR);
      t.results(call, call.execute());
      t.add("out " + call.getInt(2) + " " + call.getString(3));
    }
    try (CallableStatement call = connection.prepareCall("{? = call plus1(?)}")) {
      call.registerOutParameter(1, Types.INTEGER);
      call.setInt(2, 41);
      call.execute();
      t.add("out " + call.getInt(1));
    }
    try (Statement s = connection.createStatement()) {
      t.execute(s, "CALL follow(71, 1)");
      t.execute(s, "CALL twice(1, @b, @c)");
    }
  }

  private void largeResult() throws SQLException {
    CRC32 digest = new CRC32();
    int rows = 0;
    try (Statement s = connection.createStatement();
        ResultSet r =
            s.executeQuery(
                "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                    + " SELECT a.i, REPEAT(CHAR(65 + a.i % 26), a.i) FROM n a JOIN n b ON b.i < 4"
                    + " ORDER BY a.i, b.i")) {
      while (r.next()) {
        rows++;
        digest.update((r.getInt(1) + r.getString(2)).getBytes(StandardCharsets.UTF_8));
      }
    }
    t.add("rows " + rows + " digest " + digest.getValue());
  }

  private void updatable() throws SQLException {
    try (Statement s =
            connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
        ResultSet r = s.executeQuery("SELECT id, i FROM kinds WHERE id <= 2 ORDER BY id")) {
      while (r.next()) {
        r.updateInt(2, r.getInt(1) * 10);
        r.updateRow();
      }
    }
    query("SELECT id, i FROM kinds WHERE id <= 2 ORDER BY id");
  }

  private void errors() {
    for (String sql :
        new String[] {
          "SELEC 1",
          "SELECT * FROM missing",
          "SELECT missing FROM follower",
          "INSERT INTO kinds (id) VALUES (1)",
          "INSERT INTO child VALUES (1, 77777, 'x')",
          "INSERT INTO child VALUES (1, NULL, 'too long')",
          "INSERT INTO follower VALUES (1, NULL, NOW(), 1)",
          "INSERT INTO follower (user_id) VALUES (1)",
          "INSERT INTO follower VALUES (1, 1, '2025-13-01 00:00:00', 1)",
          "INSERT INTO follower VALUES (1, 1, '2025-01-01 00:00:00', 1000)",
          "INSERT IGNORE INTO follower VALUES (60, 1, '2025-01-01 00:00:00', 1000)",
          "SELECT 1/0, CAST('12x' AS SIGNED), CAST('abc' AS DATE)",
          "CALL missing()",
          "SELECT (SELECT id FROM kinds)",
          "CALL refuse()",
          "KILL 4000000000",
          "USE nowhere",
          "DROP TABLE IF EXISTS missing",
          "SHOW WARNINGS"
        }) {
      t.step(
          "statement that is wrong or warns",
          () -> {
            try (Statement s = connection.createStatement()) {
              t.execute(s, sql);
            }
          });
    }
  }

  /** The answers to questions about indexes depend on statistics, which are to be the same. */
  void analyse() throws SQLException {
    query("ANALYZE TABLE follower, kinds, child");
  }

  /** Every kind of change of the watched table, in text and prepared. */
  private void follower() {
    t.step(
        "follower, prepared",
        () -> {
          try (PreparedStatement p = connection.prepareStatement("DELETE FROM follower")) {
            p.executeUpdate();
          }
          try (PreparedStatement p = connection.prepareStatement(INSERT_FOLLOWER)) {
            for (int f = 1; f <= 60; f++) {
              p.setLong(1, 1 + f % 3);
              p.setLong(2, f);
              p.setTimestamp(3, Timestamp.valueOf("2025-01-01 00:00:00." + (100 + f)));
              p.setInt(4, f % 2);
              p.addBatch();
            }
            t.add("counts " + Arrays.toString(p.executeBatch()));
          }
          try (PreparedStatement p =
              connection.prepareStatement(
                  "UPDATE follower SET status = ? WHERE user_id = ? AND follower_id IN (?, ?)")) {
            p.setInt(1, 8);
            p.setLong(2, 1);
            p.setLong(3, 3);
            p.setLong(4, 4);
            t.add("count " + p.executeUpdate());
          }
          try (PreparedStatement p =
              connection.prepareStatement(
                  "SELECT follower_id, created_at FROM follower WHERE user_id = ?"
                      + " ORDER BY created_at DESC LIMIT ?")) {
            p.setLong(1, 2);
            p.setInt(2, 5);
            try (ResultSet r = p.executeQuery()) {
              t.described(r);
            }
          }
        });
    for (String sql :
        new String[] {
          "INSERT INTO follower VALUES (1, 3, NOW(), 1)",
          "INSERT INTO follower VALUES (1, 3, '2025-02-02 00:00:00', 1)"
              + " ON DUPLICATE KEY UPDATE status = status + 1",
          "REPLACE INTO follower VALUES (1, 6, '2025-03-03 00:00:00', 7), (9, 9, '2025-03-03', 7)",
          "UPDATE follower SET follower_id = follower_id + 1000 WHERE user_id = 2",
          "UPDATE follower SET user_id = 5 WHERE user_id = 3 AND follower_id < 20",
          "DELETE FROM follower WHERE user_id = 3 ORDER BY created_at LIMIT 2",
          "INSERT INTO follower SELECT user_id + 100, follower_id, created_at, 4 FROM follower",
          "UPDATE follower f JOIN kinds k ON k.id = f.user_id SET f.status = 6",
          "DELETE FROM followers_of_one WHERE follower_id > 50",
          "SELECT user_id, COUNT(*), SUM(status) FROM follower GROUP BY user_id ORDER BY user_id",
          "SELECT * FROM follower ORDER BY user_id, follower_id"
        }) {
      t.step(
          "follower, text",
          () -> {
            try (Statement s = connection.createStatement()) {
              t.execute(s, sql);
            }
          });
    }
  }

  /** One statement and all it answers. */
  void query(String sql) throws SQLException {
    try (Statement s = connection.createStatement()) {
      t.execute(s, sql);
    }
  }
}

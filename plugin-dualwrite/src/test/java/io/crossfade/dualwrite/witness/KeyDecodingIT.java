package io.crossfade.dualwrite.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.MySqlOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys in the binlog's rows are those that the capture and the re-reader make. */
class KeyDecodingIT {
  /** A column of every type, whose values must be passed over. */
  private static final String OTHERS =
      "n TINYINT, f FLOAT, d DOUBLE, e DECIMAL(31,11), b BIT(13), t TIME(4), ts TIMESTAMP(6) NULL, dt"
          + " DATETIME(1), y YEAR, c CHAR(70), v VARCHAR(300), bi BINARY(9), vb VARBINARY(7), tx"
          + " TEXT, lb LONGBLOB, en ENUM('a','b'), st SET('x','y'), j JSON, g1 INT AS (n+1),"
          + " g2 INT AS (n+2) STORED, INDEX ((n*2))";

  private static final String OTHER_VALUES =
      "1, 1.5, 2.5, 12345678901234567890.12345678901, b'101', '-12:00:00.1234', '2026-01-01"
          + " 00:00:00.123456', '2026-01-01 00:00:00.1', 2026, 'cc', REPEAT('v',300), 'bi', 'vb',"
          + " 'text', REPEAT('l',70000), 'b', 'x,y', '{\"a\":1}'";

  private static EmbeddedMySql mysql;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    mysql = EmbeddedMySql.start(MySqlOptions.temporary());
  }

  @AfterAll
  static void stop() {
    mysql.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          TINYINT            | -128; -1; 0; 1; 127
          TINYINT UNSIGNED   | 0; 127; 128; 255
          SMALLINT           | -32768; -1; 0; 32767
          SMALLINT UNSIGNED  | 0; 32768; 65535
          MEDIUMINT          | -8388608; -1; 0; 8388607
          MEDIUMINT UNSIGNED | 0; 8388608; 16777215
          INT                | -2147483648; -1; 0; 2147483647
          INT UNSIGNED       | 0; 2147483648; 4294967295
          INT(7) ZEROFILL    | 0; 42; 12345678
          BIGINT             | -9223372036854775808; -1; 0; 9223372036854775807
          BIGINT UNSIGNED    | 0; 9223372036854775808; 18446744073709551615
          YEAR               | 0; 1901; 2155
          DATE               | '0000-00-00'; '2026-00-00'; '0001-01-01'; '1969-12-31'; '9999-12-31'
          DATETIME           | '0000-00-00 00:00:00'; '1000-01-01 00:00:00'; '9999-12-31 23:59:59'
          DATETIME(1)        | '1969-12-31 23:59:59.9'; '2026-02-03 04:05:06.1'
          DATETIME(3)        | '1969-12-31 23:59:59.999'; '2026-02-03 04:05:06.007'
          DATETIME(6)        | '0000-00-00 00:00:00'; '2026-02-03 04:05:06.000007'
          TIMESTAMP          | '0000-00-00 00:00:00'; '1970-01-01 00:00:01'; '2038-01-19 03:14:07'
          TIMESTAMP(2)       | '1970-01-01 00:00:01.01'; '2026-02-03 04:05:06.99'
          TIMESTAMP(5)       | '1970-01-01 00:00:01.00001'; '2026-02-03 04:05:06.98765'
          BINARY(5)          | ''; 'a'; x'0000000001'; x'61000000FF'; x'2020202020'
          BINARY(255)        | ''; REPEAT('z',255)
          VARBINARY(9)       | ''; x'00'; x'6100'; x'FF00FF'; 'a '
          VARBINARY(700)     | ''; REPEAT('z',700)
          CHAR(4) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin | ''; 'a'; ' b'; 'äöü'; '😀'
          CHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin | ''; REPEAT('😀',200)
          CHAR(3) CHARACTER SET latin1 COLLATE latin1_bin | ''; 'ä'; 'abc'
          VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin | ''; 'a'; 'a '; 'ä😀'
          VARCHAR(9) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin | ''; 'a'; 'ä'
          VARCHAR(300) CHARACTER SET latin1 COLLATE latin1_bin | 'ä'; REPEAT('ü',300)
          VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin | 'a'; 'Z'
          """)
  void theKeysAreThoseOfTheRows(String type, String values) throws Exception {
    String schema = mysql.createSchema("keys");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (z INT, " + OTHERS + ", k " + type + ", PRIMARY KEY (k, z))");
    }
    TableName table = new TableName(schema, "t");
    try (WitnessFixture run = new WitnessFixture(mysql, table, directory).reading()) {
      for (String image : new String[] {"FULL", "MINIMAL", "NOBLOB"}) {
        for (String compression : new String[] {"OFF", "ON"}) {
          play(run, schema, image, compression, values.split("; ", -1));
        }
      }
    }
  }

  private static void play(
      WitnessFixture run, String schema, String image, String compression, String[] values)
      throws Exception {
    Set<Key> expected = new HashSet<>();
    long changes = 0;
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.execute("SET sql_mode='', time_zone='+00:00', binlog_row_image=" + image);
      statement.execute("SET binlog_transaction_compression=" + compression);
      long before = (Long) java.util.Objects.requireNonNull(run.status().get("bypassed"));
      insert(statement, values);
      changes += values.length;
      expected.addAll(run.keysInMySql());
      assertThat(expected).hasSize(values.length);
      run.await("bypassed", before + changes);
      assertThat(new HashSet<>(run.clean())).isEqualTo(expected);
      statement.execute("UPDATE t SET d=d+1, lb='short'");
      changes += values.length;
      run.await("bypassed", before + changes);
      assertThat(new HashSet<>(run.clean())).isEqualTo(expected);
      statement.execute("UPDATE t SET z=z+1000");
      changes += 2L * values.length;
      expected.addAll(run.keysInMySql());
      run.await("bypassed", before + changes);
      assertThat(new HashSet<>(run.clean())).isEqualTo(expected);
      expected.clear();
      expected.addAll(run.keysInMySql());
      statement.execute("DELETE FROM t");
      changes += values.length;
      run.await("bypassed", before + changes);
      assertThat(new HashSet<>(run.clean())).isEqualTo(expected);
      assertThat(run.wholeIsDirty()).isFalse();
      assertThat(run.lane().notice().counts().keySet())
          .noneMatch(what -> what.startsWith("witness-"));
    }
  }

  private static void insert(Statement statement, String[] values) throws SQLException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      rows.append(i == 0 ? "(" : ", (").append(i).append(", ").append(OTHER_VALUES);
      rows.append(", ").append(values[i]).append(")");
    }
    statement.execute(
        "INSERT INTO t (z, n, f, d, e, b, t, ts, dt, y, c, v, bi, vb, tx, lb, en, st, j, k) VALUES "
            + rows);
  }
}

package io.crossfade.api.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DdlTest {
  private static final TableName T = new TableName("social", "t");

  private static Ddl read(String sql) {
    return Ddl.read(Texts.one(sql, SqlMode.DEFAULT).statement().template(), "social");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t ADD c INT DEFAULT 'x'",
        "alter ignore table `t` drop c",
        "ALTER TABLE SOCIAL . T COMMENT 'x'",
        "ALTER /* x */ TABLE IF EXISTS social.t ENGINE=InnoDB",
        "ALTER TABLE a EXCHANGE PARTITION p WITH TABLE t",
        "ALTER TABLE a RENAME TO t",
        "ALTER TABLE a ADD c INT, RENAME t",
        "DROP TABLE t",
        "DROP TABLES IF EXISTS a, b, t CASCADE",
        "TRUNCATE t",
        "TRUNCATE TABLE social.t",
        "RENAME TABLE t TO t_old, t_new TO t",
        "RENAME TABLES a TO b, c TO t",
        "CREATE UNIQUE INDEX i USING BTREE ON t (c)",
        "CREATE INDEX i ON social.t (c)",
        "DROP INDEX i ON t",
        "CREATE OR REPLACE TABLE t (a INT)",
        "DROP DATABASE IF EXISTS social",
        "DROP SCHEMA `social`",
      })
  void seesThatTheTableIsAltered(String sql) {
    assertThat(read(sql).alters(T)).isTrue();
    assertThat(read(sql).code()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES t (x) | false",
        "ALTER TABLE a RENAME COLUMN t TO t2 | false",
        "ALTER TABLE other.t ADD c INT | false",
        "DROP TEMPORARY TABLE t | false",
        "CREATE TABLE t2 LIKE t | false",
        "CREATE TABLE IF NOT EXISTS t (a INT) | false",
        "CREATE TEMPORARY TABLE t (a INT) | false",
        "ANALYZE TABLE t | false",
        "OPTIMIZE TABLE t | false",
        "GRANT SELECT ON t TO u | false",
        "CREATE VIEW v AS SELECT * FROM t | true",
        "CREATE OR REPLACE VIEW t AS SELECT 1 | true",
        "ALTER VIEW v AS SELECT * FROM t | true",
        "CREATE TRIGGER x AFTER INSERT ON a FOR EACH ROW DELETE FROM t | true",
        "CREATE DEFINER=u@h FUNCTION f() RETURNS INT RETURN 1 | true",
        "DROP VIEW t | true",
        "DROP DATABASE social2 | false",
        "DROP TABLE | false",
      })
  void leavesOtherTablesAlone(String sql, boolean code) {
    assertThat(read(sql).alters(T)).isFalse();
    assertThat(read(sql).code()).isEqualTo(code);
  }

  @Test
  void namesBothSidesOfARename() {
    assertThat(read("RENAME TABLE t TO db2.x").tables())
        .containsExactly(T, new TableName("db2", "x"));
  }
}

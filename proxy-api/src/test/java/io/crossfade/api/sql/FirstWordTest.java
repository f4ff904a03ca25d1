package io.crossfade.api.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.Statement.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstWordTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select 1 | SELECT",
        "  (( SELECT 1) UNION (SELECT 2)) | SELECT",
        "/* a */ -- b | OTHER",
        "/* UPDATE */ Delete from t | DELETE",
        "WITH a AS (SELECT 1) UPDATE t SET a = 1 | OTHER",
        "TABLE t | SELECT",
        "(DELETE FROM t) | OTHER",
        "start transaction | BEGIN",
        "START SLAVE | OTHER",
        "rollback to s | SAVEPOINT",
        "rollback work | ROLLBACK",
        "RELEASE SAVEPOINT s | SAVEPOINT",
        "drop prepare s | DEALLOCATE",
        "drop table s | DDL",
        "ALTER TABLE t | DDL",
        "desc t | SHOW",
        "EXPLAIN UPDATE t SET a = 1 | SHOW",
        "handler t open | OTHER",
        "do sleep(1) | OTHER",
        "selectx | OTHER",
        "/*!50000 SELECT */ 1 | OTHER",
        "TRUNCATE t | TRUNCATE",
        "LOAD XML | LOAD",
        "FLUSH TABLES | LOCK",
      })
  void classifiesByTheFirstWords(String sql, Kind kind) {
    assertThat(Texts.ANALYZER.firstWord(Texts.bytes(sql))).isEqualTo(kind);
  }

  @Test
  void skipsLineComments() {
    assertThat(Texts.ANALYZER.firstWord(Texts.bytes("-- a\n#b\n\tUPDATE t")))
        .isEqualTo(Kind.UPDATE);
    assertThat(Texts.ANALYZER.firstWord(new byte[0])).isEqualTo(Kind.OTHER);
    assertThat(Texts.ANALYZER.firstWord(Texts.bytes("--SELECT 1"))).isEqualTo(Kind.OTHER);
  }
}

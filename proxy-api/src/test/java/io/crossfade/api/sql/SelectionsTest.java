package io.crossfade.api.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.Statement.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionsTest {
  private static @Nullable Selection selection(String sql) {
    Statement s = Texts.statement(sql);
    if (s.update() != null) {
      return s.update().selection();
    }
    return s.delete() == null ? null : s.delete().selection();
  }

  @Test
  void theConditionIsTheTextBehindTheStatementsOwnWhere() {
    assertThat(
            selection(
                "UPDATE follower f SET a = 1, b = (SELECT 2 FROM x WHERE y = 3) WHERE  f.c > 4 OR b = 'x?'"))
        .isEqualTo(new Selection("`social`.`follower` AS `f`", "f.c > ? OR b = ?", 3));
    assertThat(selection("DELETE FROM other.follower WHERE a BETWEEN 1 AND 2 -- end"))
        .isEqualTo(new Selection("`other`.`follower`", "a BETWEEN ? AND ?", 0));
  }

  @Test
  void withoutWhereAllRowsAreMeant() {
    assertThat(selection("UPDATE follower SET a = 1"))
        .isEqualTo(new Selection("`social`.`follower`", "", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = 1",
        "NOT (a = 1 OR b IS NULL)",
        "a IN (1, 2) AND b LIKE 'x%'",
        "`a` <=> 1",
        "LOWER(a) = 'x' AND ABS(b - 1) > 2",
        "CASE WHEN a = 1 THEN b ELSE c END = 2",
        "follower.a = 1",
        "-a < 5"
      })
  void aConditionOnTheRowAloneCanBeAsked(String condition) {
    assertThat(selection("DELETE FROM follower WHERE " + condition)).isNotNull();
    assertThat(selection("UPDATE follower SET x = 1 WHERE " + condition)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = RAND()",
        "a < NOW()",
        "a < SYSDATE()",
        "a < CURRENT_TIMESTAMP",
        "a = CURRENT_USER",
        "a = @v",
        "a = @@session.sql_mode",
        "a IN (SELECT b FROM other)",
        "EXISTS (SELECT 1)",
        "a = (SELECT 1)",
        "a = CONNECTION_ID()",
        "a = LAST_INSERT_ID()",
        "a = ROW_COUNT()",
        "a = UUID()",
        "a < b + INTERVAL 1 DAY",
        "f(a) = 1",
        "a = 1 LIMIT 5",
        "a = 1 ORDER BY b",
        "a = 1 ORDER BY b LIMIT 1"
      })
  void whateverMayChooseOtherRowsIsNotAsked(String condition) {
    assertThat(selection("DELETE FROM follower WHERE " + condition)).isNull();
    assertThat(selection("UPDATE follower SET x = 1 WHERE " + condition)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE IGNORE FROM follower WHERE a = 1",
        "UPDATE IGNORE follower SET a = 1 WHERE b = 2",
        "DELETE FROM follower PARTITION (p0) WHERE a = 1",
        "UPDATE /*+ NO_INDEX_MERGE(follower) */ follower SET a = 1 WHERE b = 2",
        "UPDATE follower USE INDEX (i) SET a = 1 WHERE b = 2",
        "UPDATE follower, other SET a = 1 WHERE b = 2",
        "DELETE FROM follower USING follower JOIN other WHERE b = 2",
        "UPDATE follower SET a = 1 WHERE `ö` = 2",
        "UPDATE follower SET a = 1 WHERE b = 2 || c = 3"
      })
  void otherStatementsAreNotAsked(String sql) {
    assertThat(selection(sql)).isNull();
  }
}

package io.crossfade.api.sql;

import static io.crossfade.api.sql.Operand.DEFAULT;
import static io.crossfade.api.sql.Operand.EXPRESSION;
import static io.crossfade.api.sql.Operand.NULL;
import static io.crossfade.api.sql.Operand.SAME;
import static io.crossfade.api.sql.Operand.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.Condition.Comparison;
import io.crossfade.api.sql.Condition.Op;
import io.crossfade.api.sql.Statement.Assignment;
import io.crossfade.api.sql.Statement.Insert;
import io.crossfade.api.sql.Statement.Item;
import io.crossfade.api.sql.Statement.Limit;
import io.crossfade.api.sql.Statement.OrderBy;
import io.crossfade.api.sql.Statement.Select;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapesTest {
  private static final TableName FOLLOWER = new TableName("social", "follower");

  @Test
  void readsAPageOfAList() {
    Select select =
        select(
            "SELECT f.follower_id AS id, `created_at` FROM social.follower f"
                + " WHERE f.user_id = 42 AND status = 'a' ORDER BY created_at DESC, id LIMIT 40, 20");
    assertThat(select)
        .isEqualTo(
            new Select(
                List.of(
                    new Item(Item.Kind.COLUMN, "follower_id"),
                    new Item(Item.Kind.COLUMN, "created_at")),
                FOLLOWER,
                new Condition(
                    List.of(
                        new Comparison(List.of("user_id"), Op.EQ, List.of(value(0))),
                        new Comparison(List.of("status"), Op.EQ, List.of(value(1)))),
                    true),
                List.of(new OrderBy("created_at", true), new OrderBy("follower_id", false)),
                new Limit(value(3), value(2)),
                "f.follower_id AS id, `created_at`"));
  }

  @Test
  void readsEveryComparison() {
    Select select =
        select(
            "SELECT * FROM follower WHERE a < 1 AND 2 < b AND c BETWEEN 3 AND 4 AND d IN (5, 6)"
                + " AND (e, f) IN ((7, 8), (9, 10)) AND (g, h) >= (11, 12) AND i IS NULL AND j IS NOT NULL");
    assertThat(select.where())
        .isEqualTo(
            new Condition(
                List.of(
                    new Comparison(List.of("a"), Op.LT, List.of(value(0))),
                    new Comparison(List.of("b"), Op.GT, List.of(value(1))),
                    new Comparison(List.of("c"), Op.GE, List.of(value(2))),
                    new Comparison(List.of("c"), Op.LE, List.of(value(3))),
                    new Comparison(List.of("d"), Op.IN, List.of(value(4), value(5))),
                    new Comparison(
                        List.of("e", "f"), Op.IN, List.of(value(6), value(7), value(8), value(9))),
                    new Comparison(List.of("g", "h"), Op.GE, List.of(value(10), value(11))),
                    new Comparison(List.of("i"), Op.IS_NULL, List.of()),
                    new Comparison(List.of("j"), Op.IS_NOT_NULL, List.of())),
                true));
  }

  @Test
  void readsACount() {
    assertThat(select("SELECT COUNT(*) FROM follower").items())
        .containsExactly(new Item(Item.Kind.COUNT_ALL, "*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT other.a FROM follower",
        "SELECT follower.a FROM follower f",
        "SELECT a, COUNT(*) FROM follower",
        "SELECT COUNT(/* x */ *) FROM follower",
        "SELECT COUNT (*) FROM follower",
        "SELECT COUNT(a) FROM follower",
        "SELECT COUNT(*) OVER () FROM follower",
        "SELECT a + 1 FROM follower",
        "SELECT a FROM follower WHERE b = NULL",
        "SELECT a FROM follower WHERE b <=> 1",
        "SELECT a FROM follower WHERE b <> 1",
        "SELECT a FROM follower WHERE b = c",
        "SELECT a FROM follower WHERE b IN (1, NULL)",
        "SELECT a FROM follower WHERE (b, c) IN ((1, 2), (3, d))",
        "SELECT a FROM follower WHERE b = 1 OR c = 2",
        "SELECT a FROM follower WHERE b = 1 || c = 2",
        "SELECT a FROM follower WHERE CURRENT_DATE = 1",
        "SELECT a FROM follower WHERE b = @c",
        "SELECT a FROM follower WHERE b = c = 1",
        "SELECT a FROM follower ORDER BY 1",
        "SELECT a b, c b FROM follower ORDER BY b",
        "SELECT COUNT(*) b FROM follower ORDER BY b",
        "SELECT a FROM follower GROUP BY a",
        "SELECT a FROM follower HAVING a = 1",
        "SELECT a FROM follower f JOIN follower g",
        "WITH follower AS (SELECT 1 a) SELECT a FROM follower",
      })
  void doesNotTakeForAPlainSelect(String sql) {
    assertThat(Texts.statement(sql).opaque()).isNull();
    assertThat(Texts.statement(sql).select()).isNull();
  }

  @Test
  void readsAnInsertWithEveryKindOfOperand() {
    Insert insert =
        insert(
            "INSERT IGNORE INTO follower (a, b, c, d) VALUES (1, NULL, DEFAULT, NOW()), (-2, 3, 'x', b + 1)"
                + " ON DUPLICATE KEY UPDATE b = VALUES(b), c = VALUES(d), d = 5");
    assertThat(insert)
        .isEqualTo(
            new Insert(
                FOLLOWER,
                List.of("a", "b", "c", "d"),
                List.of(
                    List.of(value(0), NULL, DEFAULT, EXPRESSION),
                    List.of(value(1), value(2), value(3), EXPRESSION)),
                true,
                List.of(
                    new Assignment("b", SAME),
                    new Assignment("c", EXPRESSION),
                    new Assignment("d", value(5)))));
  }

  @Test
  void readsTheRowAliasAsTheInsertedValue() {
    Insert insert =
        insert(
            "INSERT INTO follower (a, b, c) VALUES (1, 2, 3) AS new ON DUPLICATE KEY UPDATE b = new.b, c ="
                + " new.b + c");
    assertThat(insert.onDuplicate())
        .containsExactly(new Assignment("b", SAME), new Assignment("c", EXPRESSION));
  }

  @Test
  void readsTheSetFormAndReplace() {
    Statement replace = Texts.statement("REPLACE follower SET a = 1, b = DEFAULT");
    assertThat(replace.kind()).isEqualTo(Statement.Kind.REPLACE);
    assertThat(replace.insert())
        .isEqualTo(
            new Insert(
                FOLLOWER, List.of("a", "b"), List.of(List.of(value(0), DEFAULT)), false, null));
    assertThat(insert("INSERT follower VALUES (1, 2)").columns()).isEmpty();
  }

  @Test
  void readsAnUpdate() {
    Statement.Update update =
        Objects.requireNonNull(
            Texts.statement(
                    "UPDATE follower f SET f.a = 1, b = b + 1, c = NULL WHERE f.user_id = 2 AND x <=> 3"
                        + " LIMIT 4")
                .update());
    assertThat(update)
        .isEqualTo(
            new Statement.Update(
                FOLLOWER,
                List.of(
                    new Assignment("a", value(0)),
                    new Assignment("b", EXPRESSION),
                    new Assignment("c", NULL)),
                new Condition(
                    List.of(
                        new Comparison(List.of("user_id"), Op.EQ, List.of(value(2))),
                        new Comparison(List.of("x"), Op.EQ, List.of(value(3)))),
                    true),
                true,
                null));
  }

  @Test
  void keepsTheUnderstoodConjunctsOfADelete() {
    assertThat(where("user_id = 1 AND (a = 2 OR b = 3) AND c LIKE 'x'"))
        .isEqualTo(
            new Condition(
                List.of(new Comparison(List.of("user_id"), Op.EQ, List.of(value(0)))), false));
    assertThat(where("user_id = 1 OR a = 2")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("NOT user_id = 1")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a = 1 AND b = 2 OR c = 3")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a = 5 IN (6)")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a = 5 IS NULL")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a = 5 = 6")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a = 5 LIKE 'x'")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a = 5 < b")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a IN (5) = 0")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a BETWEEN 5 AND 6 = 0")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a IS NULL = 0")).isEqualTo(new Condition(List.of(), false));
    assertThat(where("a = 5 DIV 2")).isEqualTo(new Condition(List.of(), false));
  }

  private static Condition where(String condition) {
    return Objects.requireNonNull(
            Texts.statement("DELETE FROM follower WHERE " + condition).delete())
        .where();
  }

  private static Select select(String sql) {
    return Objects.requireNonNull(Texts.statement(sql).select());
  }

  private static Insert insert(String sql) {
    return Objects.requireNonNull(Texts.statement(sql).insert());
  }
}

package io.crossfade.api.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.value.SqlValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class AnalyzerPropertyTest {
  private static final TableName WATCHED = new TableName("social", "follower");
  private static final Pattern NAME = Pattern.compile("(`?social`? ?\\. ?)?`?follower`?");
  private static final List<SqlMode> MODES =
      List.of(
          SqlMode.DEFAULT,
          SqlMode.UNKNOWN,
          new SqlMode(true, true, false),
          new SqlMode(true, false, true),
          new SqlMode(true, true, true));

  @Property(tries = 2000)
  void neverThrowsOnAnyBytes(@ForAll byte[] sql) {
    check(sql);
  }

  @Property(tries = 4000)
  void neverThrowsOnTokensInAnyOrder(@ForAll("soup") String sql) {
    check(Texts.bytes(sql));
  }

  private static void check(byte[] sql) {
    for (SqlMode mode : MODES) {
      List<Analyzed> all = Texts.ANALYZER.analyze(sql, "social", mode);
      assertThat(all).isNotEmpty();
      all.forEach(AnalyzerPropertyTest::consistent);
      consistent(Texts.ANALYZER.analyzePrepared(sql, "social", mode));
    }
    assertThat(Texts.ANALYZER.firstWord(sql)).isNotNull();
  }

  private static void consistent(Analyzed analyzed) {
    Statement s = analyzed.statement();
    assertThat(analyzed.values()).hasSize(s.values());
    assertThat(Texts.parameters(s.template())).isEqualTo(s.values());
    if (s.opaque() != null) {
      assertThat(s.select()).isNull();
      assertThat(s.insert()).isNull();
      assertThat(s.update()).isNull();
      assertThat(s.delete()).isNull();
    }
  }

  @Property(tries = 1000)
  void aTemplateWithItsLiteralsPutBackHasTheSameTemplateAndValues(@ForAll("statement") String sql) {
    Analyzed analyzed = Texts.one(sql, SqlMode.DEFAULT);
    StringBuilder again = new StringBuilder();
    int next = 0;
    for (char c : analyzed.statement().template().toCharArray()) {
      if (c == '?') {
        again.append(literal(analyzed.values().get(next++)));
      } else {
        again.append(c);
      }
    }
    Analyzed second = Texts.one(again.toString(), SqlMode.DEFAULT);
    assertThat(second.statement()).isSameAs(analyzed.statement());
    assertThat(second.values()).usingRecursiveComparison().isEqualTo(analyzed.values());
  }

  private static String literal(SqlValue value) {
    String text = new String(Objects.requireNonNull(value.bytes()), StandardCharsets.UTF_8);
    return switch (value.form()) {
      case STRING -> "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
      case INTEGER, DECIMAL, APPROXIMATE -> text;
      default -> throw new AssertionError(value.form());
    };
  }

  @Property(tries = 1000)
  void everyTableOfAValidStatementIsSeen(@ForAll("statement") String sql) {
    Statement s = Texts.statement(sql);
    assertThat(s.opaque()).as(sql).isNull();
    assertThat(s.tables()).as(sql).contains(WATCHED);
  }

  @Property(tries = 5000)
  void aStrayQuoteNeverMovesATableOutOfSight(
      @ForAll("statement") String sql,
      @ForAll @IntRange(max = 400) int place,
      @ForAll("quote") String quote,
      @ForAll boolean insert) {
    int at = place % sql.length();
    Matcher name = NAME.matcher(sql);
    Assume.that(
        name.find() && (at < name.start() || at >= name.end() || (insert && at == name.start())));
    String mutated = sql.substring(0, at) + quote + sql.substring(insert ? at : at + 1);
    boolean seen =
        Texts.all(mutated, SqlMode.DEFAULT).stream()
            .anyMatch(
                a ->
                    a.statement().opaque() != null
                        || a.statement().tables().contains(WATCHED)
                        || a.values().stream().anyMatch(AnalyzerPropertyTest::holdsTheName));
    boolean nameIsWhole =
        mutated.replaceAll("(?s)/\\*.*?\\*/|(--\\s|#)[^\n]*", " ").contains("follower");
    assertThat(seen || !nameIsWhole).as(mutated).isTrue();
  }

  private static boolean holdsTheName(SqlValue value) {
    return value.bytes() != null
        && new String(value.bytes(), StandardCharsets.UTF_8).contains("follower");
  }

  @Test
  void parsesATemplateOnce() {
    DruidSqlAnalyzer analyzer = new DruidSqlAnalyzer();
    long before = analyzer.parses();
    Statement first =
        analyzer
            .analyze(Texts.bytes("SELECT a FROM t WHERE b = 1"), "d", SqlMode.DEFAULT)
            .get(0)
            .statement();
    Statement second =
        analyzer
            .analyze(Texts.bytes("SELECT a FROM t WHERE b = 'x' -- trace"), "d", SqlMode.DEFAULT)
            .get(0)
            .statement();
    Statement prepared =
        analyzer
            .analyzePrepared(Texts.bytes("SELECT a FROM t WHERE b = ?"), "d", SqlMode.DEFAULT)
            .statement();
    assertThat(second).isSameAs(first);
    assertThat(prepared).isSameAs(first);
    assertThat(analyzer.parses() - before).isEqualTo(1);
    analyzer.analyze(Texts.bytes("SELECT a FROM t WHERE b = 1"), "e", SqlMode.DEFAULT);
    assertThat(analyzer.parses() - before).isEqualTo(2);
  }

  @Test
  void boundsDeepAndLongStatements() {
    List<String> texts =
        List.of(
            "SELECT a FROM follower WHERE " + "(".repeat(90) + "a = 1" + ")".repeat(90),
            "SELECT a FROM follower WHERE " + "(".repeat(100_000) + "a = 1" + ")".repeat(100_000),
            "SELECT " + "- ".repeat(100_000) + "1",
            "SELECT a FROM follower WHERE " + "NOT ".repeat(100_000) + "a",
            "DELETE FROM follower WHERE a = 1" + " AND a = 1".repeat(50_000),
            "DELETE FROM follower WHERE a = 1" + " OR a = 1".repeat(50_000),
            "SELECT " + "CASE WHEN a THEN ".repeat(50_000) + "1",
            "SELECT " + "(SELECT ".repeat(90) + "1" + ")".repeat(90),
            "SELECT a." + "a.".repeat(100_000) + "a FROM follower",
            "INSERT INTO follower VALUES (1,2)" + ",(1,2)".repeat(100_000),
            "SELECT " + "'a' ".repeat(100_000),
            ";".repeat(100_000));
    for (String sql : texts) {
      List<Analyzed> all =
          Assertions.assertTimeoutPreemptively(
              Duration.ofSeconds(20),
              () -> Texts.all(sql, SqlMode.DEFAULT),
              () -> sql.substring(0, 50));
      assertThat(all).isNotEmpty();
      all.forEach(AnalyzerPropertyTest::consistent);
    }
  }

  @Provide
  Arbitrary<String> quote() {
    return Arbitraries.of("'", "\"", "`", "\\", "/*", "*/", "-- ", "#", ";", "?", "/*!", "''");
  }

  @Provide
  Arbitrary<String> statement() {
    Arbitrary<String> value =
        Arbitraries.of(
            "1", "-5", "1.5", "2e3", "'a'", "'it''s'", "'\\\\'", "'--'", "'/*'", "'x' 'y'", "'\"'",
            "'?'");
    Arbitrary<String> table =
        Arbitraries.of(
            "follower",
            "`follower`",
            "social.follower",
            "social . `follower`",
            "`social`.`follower`");
    return Combinators.combine(
            table, value, value, Arbitraries.integers().between(0, FORMS.size() - 1))
        .as((t, a, b, form) -> FORMS.get(form).replace("$t", t).replace("$a", a).replace("$b", b));
  }

  private static final List<String> FORMS =
      List.of(
          "SELECT a FROM $t WHERE a = $a AND b IN ($b, $a)",
          "SELECT a FROM user WHERE a = $a AND b IN (SELECT c FROM $t WHERE d = $b)",
          "SELECT $a, $b FROM user u LEFT JOIN $t f ON u.a = f.b AND f.c < $b",
          "SELECT $a UNION ALL SELECT a FROM $t WHERE b = $b",
          "WITH x AS (SELECT a FROM $t WHERE b = $a) SELECT * FROM x WHERE c = $b",
          "WITH x AS (SELECT a FROM $t WHERE b = $a) UPDATE user SET c = $b WHERE d IN (SELECT a FROM x)",
          "UPDATE user u, $t f SET u.a = $a WHERE f.b = $b",
          "UPDATE $t SET a = $a, b = $b ORDER BY c LIMIT 5",
          "DELETE f FROM user u, $t f WHERE u.a = $a AND f.b = $b",
          "DELETE FROM f USING $t f JOIN user u WHERE u.a = $a AND f.b = $b",
          "DELETE FROM $t WHERE a = $a AND b = (SELECT MAX(c) FROM user WHERE d = $b)",
          "INSERT INTO $t (a, b) VALUES ($a, $b), ($b, $a) ON DUPLICATE KEY UPDATE a = $b",
          "INSERT INTO user (a, b) SELECT a, $a FROM $t WHERE b = $b",
          "INSERT INTO $t SET a = $a, b = $b",
          "REPLACE INTO $t VALUES ($a, $b)",
          "SELECT CASE WHEN a = $a THEN (SELECT b FROM $t) ELSE $b END FROM user");

  @Provide
  Arbitrary<String> soup() {
    return Arbitraries.of(
            "SELECT",
            "FROM",
            "WHERE",
            "follower",
            "`a`",
            "a",
            "f",
            "*",
            ",",
            "(",
            ")",
            "=",
            "<=>",
            "?",
            "1",
            "-1",
            "1.5",
            "'x'",
            "\"y\"",
            "AND",
            "OR",
            "NOT",
            "IN",
            "BETWEEN",
            "IS",
            "NULL",
            "LIKE",
            "UNION",
            "ALL",
            "JOIN",
            "LEFT",
            "ON",
            "USING",
            "WITH",
            "RECURSIVE",
            "AS",
            "INSERT",
            "INTO",
            "VALUES",
            "SET",
            "UPDATE",
            "DELETE",
            "REPLACE",
            "LIMIT",
            "OFFSET",
            "ORDER",
            "GROUP",
            "BY",
            "HAVING",
            "COUNT",
            "CASE",
            "WHEN",
            "THEN",
            "END",
            "EXISTS",
            "INTERVAL",
            "DAY",
            "DATE",
            "CAST",
            "TABLE",
            "TRUNCATE",
            "LATERAL",
            "PARTITION",
            "OVER",
            "WINDOW",
            "FOR",
            "SHARE",
            "DUPLICATE",
            "KEY",
            "VALUES",
            "ROW",
            "MATCH",
            "AGAINST",
            "COLLATE",
            "BINARY",
            "_utf8mb4",
            "X'41'",
            "0x1",
            "b'1'",
            "N'a'",
            "@v",
            "@@x",
            ":=",
            "||",
            "&&",
            "|",
            "->",
            ".",
            ";",
            "--",
            "-- \n",
            "#\n",
            "/*",
            "*/",
            "/*!",
            "/*+ INDEX(a) */",
            "'",
            "\"",
            "`",
            "\\",
            "PIVOT",
            "SAMPLE",
            "EXCEPT",
            "MINUS",
            "FORCE",
            "INDEX",
            "IGNORE",
            "DUAL",
            "CREATE",
            "TRIGGER",
            "BEGIN",
            "é",
            "~",
            "!",
            "^",
            "%",
            "DIV",
            "{",
            "}",
            "\0")
        .list()
        .ofMinSize(1)
        .ofMaxSize(25)
        .map(tokens -> String.join(" ", tokens));
  }
}

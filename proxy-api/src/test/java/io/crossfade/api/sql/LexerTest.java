package io.crossfade.api.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.value.SqlValue;
import io.crossfade.api.value.SqlValue.Form;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LexerTest {
  private static final SqlMode ANSI = new SqlMode(true, true, false);
  private static final SqlMode NO_ESCAPES = new SqlMode(true, false, true);

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "42 | INTEGER | 42",
        "-42 | INTEGER | -42",
        "1.50 | DECIMAL | 1.50",
        "-.5 | DECIMAL | -.5",
        "1. | DECIMAL | 1.",
        "1e3 | APPROXIMATE | 1e3",
        "1.5E-3 | APPROXIMATE | 1.5E-3",
        "'a' | STRING | a",
        "'it''s' | STRING | it's",
        "'a\\'b' | STRING | a'b",
        "'\\%\\_\\x' | STRING | \\%\\_x",
        "\"a\"\"b'c\" | STRING | a\"b'c",
        "'a' 'b' /* c */ \"d\" | STRING | abd",
        "X'4142' | BINARY | AB",
        "0x4142 | BINARY | AB",
        "b'0100000101000010' | BINARY | AB",
        "_binary'AB' | BINARY | AB",
        "_BINARY 'A' 'B' | BINARY | AB",
        "DATE'2024-02-29' | DATETIME | 2024-02-29",
        "timestamp '2024-02-29 10:11:12.5' | DATETIME | 2024-02-29 10:11:12.5",
        "TIME '-10:11:12' | TIME | -10:11:12",
      })
  void liftsTheLiteral(String literal, Form form, String value) {
    Analyzed analyzed =
        Texts.one("SELECT a FROM t WHERE b = " + literal + " AND c = 1", SqlMode.DEFAULT);
    assertThat(analyzed.statement().template()).isEqualTo("SELECT a FROM t WHERE b = ? AND c = ?");
    assertThat(analyzed.values()).hasSize(2);
    assertThat(analyzed.values().get(0).form()).isEqualTo(form);
    assertThat(text(analyzed.values().get(0))).isEqualTo(value);
    assertThat(analyzed.statement().select()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"N'a'", "_latin1'a'", "_utf8mb4 'a'", "DATE'20240229'", "TIMESTAMP'2024-02-29'"})
  void doesNotClaimToKnowTheValue(String literal) {
    Analyzed analyzed = Texts.one("SELECT a FROM t WHERE b = " + literal, SqlMode.DEFAULT);
    assertThat(analyzed.statement().template()).isEqualTo("SELECT a FROM t WHERE b = ?");
    assertThat(analyzed.values()).containsExactly(SqlValue.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gbk", "sjis", "big5", "cp932", "gb18030", "GBK"})
  void doesNotTakeTheSecondByteOfACharacterForABackslash(String charset) {
    SqlMode mode =
        new SessionFacts("", "UTC", "utf8mb4", charset, "1", "REPEATABLE-READ", "a", "NONE")
            .lexerMode();
    assertThat(mode).isEqualTo(SqlMode.UNKNOWN);
    byte[] sql =
        "UPDATE t SET n = '\u0095\\' WHERE a = 1 OR n <> ' AND 1 = 1'"
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new DruidSqlAnalyzer().analyze(sql, "d", mode))
        .singleElement()
        .satisfies(a -> assertThat(a.statement().opaque()).isEqualTo("quotes"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"`\u0081`", "\u0081`", "@\u0081`"})
  void whereTheCharacterSetIsNotKnownAForeignNameMayHideAnotherStatement(String name) {
    byte[] sql =
        ("SELECT 1 AS " + name + "; DELETE FROM t; SELECT 1 AS " + name)
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new DruidSqlAnalyzer().analyze(sql, "d", SqlMode.UNKNOWN))
        .last()
        .satisfies(a -> assertThat(a.statement().kind()).isEqualTo(Statement.Kind.OTHER));
  }

  @Test
  void decodesEscapesToTheBytesTheyStandFor() {
    SqlValue value = Texts.one("SELECT '\\0\\b\\n\\r\\t\\Z'", SqlMode.DEFAULT).values().get(0);
    assertThat(value.bytes()).containsExactly(0, 8, 10, 13, 9, 26);
  }

  @Test
  void padsOddHexAndShortBits() {
    assertThat(Texts.one("SELECT 0x1ff", SqlMode.DEFAULT).values().get(0).bytes())
        .containsExactly(1, 0xFF);
    assertThat(Texts.one("SELECT b'101'", SqlMode.DEFAULT).values().get(0).bytes())
        .containsExactly(5);
    assertThat(Texts.one("SELECT X''", SqlMode.DEFAULT).values().get(0).bytes()).isEmpty();
  }

  @Test
  void keepsBytesOfAStringAsTheyCame() {
    byte[] sql = {'S', 'E', 'L', 'E', 'C', 'T', ' ', '\'', (byte) 0xE9, '\''};
    Analyzed analyzed = Texts.ANALYZER.analyze(sql, "", SqlMode.DEFAULT).get(0);
    assertThat(analyzed.values().get(0).bytes()).containsExactly(0xE9);
    assertThat(analyzed.statement().opaque()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT a-5 | SELECT a-?",
        "SELECT (a) -5 | SELECT (a) -?",
        "SELECT a - -5 | SELECT a - ?",
        "SELECT 5-3 | SELECT ?-?",
        "SELECT -5 | SELECT ?",
        "SELECT - 5 | SELECT - ?",
        "SELECT a FROM t WHERE b IN (-1,-2) | SELECT a FROM t WHERE b IN (?,?)",
        "SELECT t1.a, t2 .b FROM t1 | SELECT t1.a, t2 .b FROM t1",
        "SELECT @a1, @@x.y1 | SELECT @a1, @@x.y1",
        "SELECT a/*x*/FROM/* y */t | SELECT a FROM t",
        "  /* app */ SELECT 1 -- x | SELECT ?",
        "SELECT 1--1 | SELECT ?-?",
      })
  void makesTheTemplate(String sql, String template) {
    assertThat(Texts.statement(sql).template()).isEqualTo(template);
  }

  @Test
  void dividesStatementsOutsideOfStringsNamesAndComments() {
    List<Analyzed> all =
        Texts.all("SELECT ';' ; /* ; */ ; DELETE FROM `a;b`; # ;\n", SqlMode.DEFAULT);
    assertThat(all)
        .extracting(a -> a.statement().template())
        .containsExactly("SELECT ?", "DELETE FROM `a;b`");
    assertThat(all.get(1).statement().tables()).containsExactly(new TableName("social", "a;b"));
  }

  @Test
  void takesAnEmptyTextAsOneStatement() {
    assertThat(Texts.one(" ; -- nothing", SqlMode.DEFAULT).statement().opaque()).isEqualTo("empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'a",
        "SELECT `a",
        "SELECT /* a",
        "SELECT X'4G'",
        "SELECT X'414'",
        "SELECT 1.e",
        "SELECT \\N",
        "SELECT -- \0 FROM t",
      })
  void doesNotReadWhatMySqlWouldRefuse(String sql) {
    assertThat(Texts.statement(sql).opaque()).isEqualTo("lexer");
    assertThat(Texts.statement(sql).kind()).isEqualTo(Statement.Kind.SELECT);
  }

  @Test
  void takesATextItCannotDivideForAWrite() {
    assertThat(Texts.statement("SELECT 1 /*! ; DELETE FROM t */").kind())
        .isEqualTo(Statement.Kind.OTHER);
    assertThat(Texts.statement("SELECT 1 /*!50000 + 1 */;").kind())
        .isEqualTo(Statement.Kind.SELECT);
    assertThat(Texts.one("SELECT \"; DELETE FROM t; \"", SqlMode.UNKNOWN).statement().kind())
        .isEqualTo(Statement.Kind.OTHER);
  }

  @Test
  void leavesNoValueInTheTemplateOfAnUnreadableText() {
    Statement s = Texts.statement("UPDATE t SET a = 'secret', b = 'sec");
    assertThat(s.template()).isEqualTo("UPDATE t SET a = ?, b =");
    assertThat(s.values()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT \"a\" FROM t",
        "SELECT 'a\\'' FROM t",
        "SELECT a || b FROM t",
        "SELECT 'a' \"b\""
      })
  void refusesWhatDependsOnAnUnknownMode(String sql) {
    assertThat(Texts.one(sql, SqlMode.UNKNOWN).statement().opaque()).isEqualTo("quotes");
  }

  @Test
  void readsPlainStringsInAnUnknownMode() {
    Analyzed analyzed = Texts.one("SELECT a FROM t WHERE b = 'it''s'", SqlMode.UNKNOWN);
    assertThat(text(analyzed.values().get(0))).isEqualTo("it's");
    assertThat(analyzed.statement().select()).isNotNull();
  }

  @Test
  void takesDoubleQuotesForANameUnderAnsiQuotes() {
    List<Analyzed> all = Texts.all("SELECT \"a;'b\" FROM t; DELETE FROM t", ANSI);
    assertThat(all).hasSize(2);
    assertThat(all.get(0).statement().opaque()).isEqualTo("quotes");
    assertThat(all.get(0).values()).isEmpty();
    assertThat(all.get(1).statement().delete()).isNotNull();
  }

  @Test
  void takesABackslashForItselfWithoutEscapes() {
    Analyzed analyzed = Texts.one("SELECT a FROM t WHERE b = 'c\\' AND d = 'e'", NO_ESCAPES);
    assertThat(analyzed.values()).extracting(LexerTest::text).containsExactly("c\\", "e");
  }

  @Test
  void tellsParametersFromLiterals() {
    Analyzed analyzed = Texts.prepared("SELECT a FROM t WHERE b = ? AND c = 5 LIMIT ?");
    assertThat(analyzed.statement().values()).isEqualTo(3);
    assertThat(analyzed.isParameter(0)).isTrue();
    assertThat(analyzed.isParameter(1)).isFalse();
    assertThat(analyzed.isParameter(2)).isTrue();
    assertThat(analyzed.statement().select()).isNotNull();
  }

  @Test
  void preparesOneStatementOnly() {
    assertThat(Texts.prepared("SELECT 1; DELETE FROM t").statement())
        .returns("multi", Statement::opaque)
        .returns(Statement.Kind.OTHER, Statement::kind);
  }

  private static String text(SqlValue value) {
    byte[] bytes = value.bytes();
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }
}

package io.crossfade.dualwrite.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTextTest {
  private static final List<TableName> WATCHED =
      List.of(new TableName("social", "follower"), new TableName("social", "post"));

  private static List<String> reasons(String sql) {
    return new QueryText(sql).changes(WATCHED).stream().map(Change::reason).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TRUNCATE TABLE follower", "truncate `social`.`Follower`", " TRUNCATE\nfollower"})
  void namesAreFoundWithoutRegardToCaseOrQuotes(String sql) {
    assertThat(reasons(sql)).containsExactly("truncate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE follower ADD x INT",
        "/* app */ -- who\n # what\n DROP TABLE other, follower",
        "/*!40000 ALTER TABLE `follower` DISABLE KEYS */",
        "RENAME TABLE social.follower TO social.old",
        "CREATE OR REPLACE VIEW v AS SELECT * FROM follower"
      })
  void aDefinitionOfTheTableMayChangeAllOfIt(String sql) {
    assertThat(reasons(sql)).containsExactly("ddl");
    assertThat(new QueryText(sql).changes(WATCHED).get(0).table().table()).isEqualTo("follower");
  }

  @Test
  void aSchemaThatGoesTakesItsTablesWithIt() {
    assertThat(reasons("DROP DATABASE social")).containsExactly("ddl", "ddl");
    assertThat(reasons("drop schema if exists `social2`")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO anything VALUES (1)",
        "update v set a=1",
        "CALL p()",
        "LOAD DATA INFILE 'x' INTO TABLE y"
      })
  void aStatementThatIsLoggedAsTextMayReachEveryTable(String sql) {
    assertThat(reasons(sql)).containsExactly("statement-format", "statement-format");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT follower",
        "ROLLBACK TO `follower`",
        "XA START X'61',X'',1",
        "XA END X'61',X'',1",
        "XA COMMIT X'61',X'',1",
        "GRANT SELECT ON social.follower TO x",
        "ANALYZE TABLE follower",
        "FLUSH TABLES follower",
        "DROP TEMPORARY TABLE IF EXISTS `follower`",
        "DROP /*!40005 TEMPORARY */ TABLE IF EXISTS `follower`",
        "ALTER TABLE my_follower ADD x INT",
        "DROP TABLE follower2"
      })
  void whatChangesNoWatchedRowMarksNothing(String sql) {
    assertThat(reasons(sql)).isEmpty();
  }

  @Test
  void tellsWhereTransactionsAre() {
    assertThat(new QueryText("BEGIN").begins()).isTrue();
    assertThat(new QueryText("XA START X'61',X'',1").begins()).isTrue();
    assertThat(new QueryText("COMMIT").ends()).isTrue();
    assertThat(new QueryText("ROLLBACK TO a").ends()).isFalse();
    assertThat(new QueryText("CREATE TABLE t (a INT) START TRANSACTION").beginsAfter()).isTrue();
    assertThat(new QueryText("XA COMMIT X'61',X'4A',1").committedXid())
        .isEqualTo(QueryText.xid("X'61', X'4a', 1"));
    assertThat(new QueryText("XA ROLLBACK X'61',X'',1").committedXid()).isEmpty();
    assertThat(new QueryText("XA ROLLBACK X'61',X'',1").rolledBackXid()).isNotEmpty();
  }

  @Test
  void aNameBeyondAsciiMayStandAnywhere() {
    List<TableName> watched = List.of(new TableName("s", "größe"));
    assertThat(new QueryText("ALTER TABLE x ADD y INT").changes(watched)).hasSize(1);
  }
}

package io.crossfade.dualwrite.capture;

import static io.crossfade.dualwrite.capture.Fixtures.FOLLOWER;
import static io.crossfade.dualwrite.capture.Fixtures.POST;
import static io.crossfade.dualwrite.capture.Fixtures.key;
import static io.crossfade.dualwrite.capture.Fixtures.list;
import static io.crossfade.dualwrite.capture.Fixtures.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.mysql.GeneratedKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapturePlannerTest {
  private static List<Mark> plan(CaptureCatalogue catalogue, String sql) {
    List<Mark> marks = new ArrayList<>();
    Fixtures.analyze(sql).forEach(a -> marks.addAll(new CapturePlanner(catalogue).plan(a)));
    return marks;
  }

  private static List<Mark> plan(String sql) {
    return plan(Fixtures.catalogue(), sql);
  }

  private static void marksKeys(String sql, TableName table, Key... keys) {
    assertThat(plan(sql))
        .as(sql)
        .singleElement()
        .satisfies(
            m -> {
              assertThat(m.table()).isEqualTo(table);
              assertThat(m.keys()).containsExactlyInAnyOrder(keys);
              assertThat(m.ranges()).isEmpty();
              assertThat(m.reason()).isEqualTo(Mark.EXACT);
            });
  }

  private static void marksRanges(String sql, KeyRange... ranges) {
    assertThat(plan(sql))
        .as(sql)
        .singleElement()
        .satisfies(
            m -> {
              assertThat(m.table()).isEqualTo(FOLLOWER);
              assertThat(m.ranges()).containsExactlyInAnyOrder(ranges);
            });
  }

  private static void marksWholeFollower(CaptureCatalogue catalogue, String sql) {
    assertThat(plan(catalogue, sql))
        .as(sql)
        .anySatisfy(
            m -> {
              assertThat(m.table()).isEqualTo(FOLLOWER);
              assertThat(m.ranges()).containsExactly(KeyRange.ALL);
            });
  }

  @Test
  void insertMarksTheKeysOfItsRows() {
    marksKeys(
        "INSERT INTO follower VALUES (1, 2, '2020-01-01', 0), (1, 3, NOW(), 1)",
        FOLLOWER,
        key(1, 2),
        key(1, 3));
    marksKeys("INSERT follower (follower_id, user_id) VALUES (2, 1)", FOLLOWER, key(1, 2));
    marksKeys(
        "INSERT IGNORE INTO follower SET user_id = -1, follower_id = 2", FOLLOWER, key(-1, 2));
    marksKeys("REPLACE INTO follower VALUES (1, 2, '2020-01-01', 0)", FOLLOWER, key(1, 2));
  }

  @Test
  void insertWithoutTheWholeKeyMarksWhatItPins() {
    marksRanges("INSERT INTO follower (user_id) VALUES (1)", list(1));
    marksRanges("INSERT INTO follower (user_id, follower_id) VALUES (1, 2 + 3)", list(1));
    marksRanges("INSERT INTO follower (user_id, follower_id) VALUES (1, DEFAULT)", list(1));
    marksRanges("INSERT INTO follower (user_id, follower_id) VALUES (NULL, 1)", KeyRange.ALL);
    marksRanges(
        "INSERT INTO follower (user_id, follower_id) VALUES (99999999999999999999, 1)",
        KeyRange.ALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO post (status) VALUES (1)",
        "INSERT INTO post VALUES (0, 1)",
        "INSERT INTO post VALUES (NULL, 1)",
        "INSERT INTO post VALUES ('0', 1)",
        "INSERT INTO post VALUES (DEFAULT, 1)"
      })
  void autoIncrementMarksTheTable(String sql) {
    assertThat(plan(sql)).singleElement().satisfies(m -> assertThat(m.kind()).isEqualTo("table"));
  }

  @Test
  void aGivenAutoIncrementValueIsAKey() {
    marksKeys("INSERT INTO post VALUES (5, 1)", POST, post(5));
  }

  @Test
  void onDuplicateKeyIsExactOnlyWhileItKeepsTheKey() {
    String insert = "INSERT INTO follower (user_id, follower_id, status) VALUES (1, 2, 3) ";
    marksKeys(insert + "ON DUPLICATE KEY UPDATE status = 4", FOLLOWER, key(1, 2));
    marksKeys(
        insert + "ON DUPLICATE KEY UPDATE follower_id = VALUES(follower_id)", FOLLOWER, key(1, 2));
    marksRanges(insert + "ON DUPLICATE KEY UPDATE follower_id = 9", KeyRange.ALL);
  }

  @Test
  void anotherUniqueKeyMakesReplaceAndOnDuplicateUncertain() {
    CaptureCatalogue c =
        Fixtures.catalogue(
            new CaptureTable(
                FOLLOWER, Fixtures.MAPPING, true, false, false, GeneratedKeys.CONSECUTIVE));
    marksWholeFollower(c, "REPLACE INTO follower VALUES (1, 2, '2020-01-01', 0)");
    marksWholeFollower(
        c, "INSERT INTO follower VALUES (1,2,NOW(),0) ON DUPLICATE KEY UPDATE status = 4");
    assertThat(plan(c, "INSERT INTO follower VALUES (1, 2, NOW(), 0)"))
        .allSatisfy(m -> assertThat(m.reason()).isEqualTo(Mark.EXACT));
  }

  @Test
  void beforeTriggersMakeKeysUncertain() {
    CaptureCatalogue c =
        Fixtures.catalogue(
            new CaptureTable(
                FOLLOWER, Fixtures.MAPPING, false, true, true, GeneratedKeys.CONSECUTIVE));
    marksWholeFollower(c, "INSERT INTO follower VALUES (1, 2, NOW(), 0)");
    marksWholeFollower(c, "UPDATE follower SET status = 1 WHERE user_id = 1 AND follower_id = 2");
    assertThat(plan(c, "DELETE FROM follower WHERE user_id = 1 AND follower_id = 2"))
        .allSatisfy(m -> assertThat(m.reason()).isEqualTo(Mark.EXACT));
  }

  @Test
  void conditionsOnTheWholeKeyMarkKeys() {
    marksKeys("DELETE FROM follower WHERE follower_id = 2 AND user_id = 1", FOLLOWER, key(1, 2));
    marksKeys(
        "DELETE FROM follower WHERE user_id IN (1, 2) AND follower_id IN (3, 4) AND status > 0",
        FOLLOWER,
        key(1, 3),
        key(1, 4),
        key(2, 3),
        key(2, 4));
    marksKeys(
        "UPDATE follower SET status = 1 WHERE (user_id, follower_id) IN ((1, 2), (3, 4))",
        FOLLOWER,
        key(1, 2),
        key(3, 4));
  }

  @Test
  void otherConditionsMarkTheSmallestRangeThatCovers() {
    marksRanges("DELETE FROM follower WHERE user_id = 1", list(1));
    marksRanges("DELETE FROM follower WHERE user_id = 1 AND follower_id > 5", list(1));
    marksRanges("UPDATE follower SET status = 1 WHERE user_id IN (1, 2)", list(1), list(2));
    marksRanges("DELETE FROM follower WHERE follower_id = 1", KeyRange.ALL);
    marksRanges("DELETE FROM follower WHERE user_id = 1 OR status = 2", KeyRange.ALL);
    marksRanges("UPDATE follower SET status = 1", KeyRange.ALL);
  }

  @Test
  void tooManyTuplesBecomePrefixes() {
    String many =
        IntStream.range(0, KeyConditions.MAX_TUPLES + 1)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(","));
    marksRanges(
        "DELETE FROM follower WHERE user_id = 1 AND follower_id IN (" + many + ")", list(1));
  }

  @Test
  void assigningAKeyColumnMarksOldAndNew() {
    marksKeys(
        "UPDATE follower SET follower_id = 9 WHERE user_id = 1 AND follower_id = 2",
        FOLLOWER,
        key(1, 2),
        key(1, 9));
    marksRanges(
        "UPDATE follower SET follower_id = follower_id + 1 WHERE user_id = 1 AND follower_id = 2",
        list(1));
    marksRanges("UPDATE follower SET user_id = 7 WHERE user_id = 1", list(1), list(7));
    marksRanges(
        "UPDATE follower SET user_id = user_id + 1 WHERE user_id = 1 AND follower_id = 2",
        KeyRange.ALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRUNCATE TABLE follower",
        "ALTER TABLE follower ADD COLUMN x INT",
        "DROP TABLE social.follower",
        "DELETE FROM follower_view WHERE user_id = 1",
        "DELETE FROM account WHERE id = 1",
        "INSERT INTO follower SELECT * FROM other",
        "UPDATE follower f JOIN other o ON f.user_id = o.id SET f.status = 1",
        "LOAD DATA LOCAL INFILE 'x' INTO TABLE follower",
        "CALL whatever(1)",
        "EXECUTE s",
        "SELECT secret_function(1) FROM follower",
        "DELETE /*!50000 FROM */ follower WHERE user_id = 1"
      })
  void whateverElseMayWriteMarksTheTable(String sql) {
    marksWholeFollower(Fixtures.catalogue(), sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM follower WHERE user_id = 1",
        "SELECT COUNT(*) FROM follower f JOIN other o ON f.user_id = o.id",
        "SHOW CREATE TABLE follower",
        "BEGIN",
        "COMMIT",
        "SET autocommit = 0",
        "INSERT INTO other VALUES (1)"
      })
  void whatCannotChangeAWatchedTableMarksNothing(String sql) {
    assertThat(plan(sql)).as(sql).isEmpty();
  }

  @Test
  void readingAViewThatCallsAFunctionMarksWhatThatChanges() {
    CaptureCatalogue catalogue =
        new CaptureCatalogue(
            "uuid",
            List.of(
                new CaptureTable(
                    FOLLOWER, Fixtures.MAPPING, false, false, false, GeneratedKeys.UNCERTAIN)),
            Map.of("f", Set.of(FOLLOWER), "v", Set.of(FOLLOWER), "w", Set.of(FOLLOWER)),
            Set.of(FOLLOWER),
            Map.of("f", Set.of(FOLLOWER), "v", Set.of(FOLLOWER)),
            Definitions.Sure.KNOWN);
    marksWholeFollower(catalogue, "SELECT * FROM v");
    marksWholeFollower(catalogue, "SELECT id FROM t WHERE id IN (SELECT id FROM social.V)");
    assertThat(plan(catalogue, "SELECT * FROM w")).isEmpty();
  }

  @Test
  void whatIsNotSurelyKnownMarksEverythingThatMayBeReached() {
    CaptureCatalogue writes = Fixtures.catalogue().with(Definitions.Sure.WRITES_UNSURE);
    CaptureCatalogue reads = Fixtures.catalogue().with(Definitions.Sure.READS_UNSURE);
    for (String sql :
        List.of("DELETE FROM late", "INSERT INTO follower VALUES (1, 2, NOW(), 0)", "CALL p()")) {
      marksWholeFollower(writes, sql);
      marksWholeFollower(reads, sql);
    }
    for (String sql : List.of("SELECT * FROM late", "SET @x = late()", "SHOW TABLES")) {
      assertThat(plan(writes, sql)).isEmpty();
      marksWholeFollower(reads, sql);
    }
    for (String sql : List.of("BEGIN", "COMMIT", "ROLLBACK", "USE social", "SAVEPOINT s")) {
      assertThat(plan(reads, sql)).isEmpty();
    }
  }

  @Test
  void aForeignNameMayBeTheWatchedOneInAnotherCharacterSet() {
    TableName foreign = new TableName("social", "Ð¶");
    CaptureCatalogue catalogue =
        new CaptureCatalogue("uuid", List.of(CaptureTable.unknown(foreign)), Map.of(), Set.of());
    // In latin1 the bytes of this are the watched table's name.
    assertThat(plan(catalogue, "DELETE FROM `ж`"))
        .singleElement()
        .satisfies(m -> assertThat(m.table()).isEqualTo(foreign));
    assertThat(plan(catalogue, "DELETE FROM t")).isEmpty();
  }

  @Test
  void aTableWhoseSchemaIsNotKnownIsMarkedAsAWhole() {
    marksWholeFollower(
        Fixtures.catalogue(CaptureTable.unknown(FOLLOWER)),
        "INSERT INTO follower VALUES (1,2,3,4)");
  }

  @Test
  void aReadThatWasNotUnderstoodMarksOnlyWhereAFunctionMayWrite() {
    String sql = "SELECT JSON_ARRAYAGG(a) OVER w FROM t WINDOW w AS (((";
    assertThat(Fixtures.analyze(sql))
        .singleElement()
        .satisfies(a -> assertThat(a.statement().opaque()).isEqualTo("parser"));
    assertThat(plan(sql)).isEmpty();
    marksWholeFollower(Fixtures.withFunction(), sql);
    assertThat(plan(Fixtures.withFunction(), "SELECT 1 FROM t")).isEmpty();
  }
}

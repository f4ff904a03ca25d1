package io.crossfade.readswitch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.value.SqlValue;
import io.crossfade.readswitch.Follower;
import io.crossfade.readswitch.hbase.HBaseRead;
import io.crossfade.readswitch.rows.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
  private static final TableMapping WIDE = Follower.mapping(Layout.WIDE);
  private static final SessionFacts FACTS =
      new SessionFacts(
          "STRICT_TRANS_TABLES",
          "UTC",
          "utf8mb4",
          "utf8mb4",
          "18446744073709551615",
          "REPEATABLE-READ",
          "app@%",
          "NONE");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT status FROM follower WHERE user_id=1 AND follower_id=2 | Points",
        "SELECT status FROM follower WHERE (user_id, follower_id)=(1,2) | Points",
        "SELECT * FROM follower WHERE user_id=1 AND follower_id=2 AND status=1 LIMIT 1 | float",
        "SELECT status FROM follower WHERE user_id=1 AND follower_id IN (2,3) | Points",
        "SELECT status FROM follower WHERE (user_id, follower_id) IN ((1,2),(3,4)) | Points",
        "SELECT status FROM follower WHERE (follower_id, user_id) IN ((1,2),(3,4)) ORDER BY user_id, follower_id | Points",
        "SELECT COUNT(*) FROM follower WHERE user_id=1 AND follower_id=2 | Points",
        "SELECT follower_id, created_at FROM follower WHERE user_id=1 ORDER BY created_at DESC LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY created_at DESC LIMIT 5 OFFSET 10 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY created_at DESC | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY user_id, created_at DESC LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY created_at DESC, follower_id LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY created_at DESC, follower_id DESC LIMIT 5 | Whole",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY created_at LIMIT 5 | Whole",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY follower_id | Whole",
        "SELECT follower_id FROM follower WHERE user_id=1 AND status=1 ORDER BY created_at DESC LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 AND status IN (1,2) ORDER BY created_at DESC LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 AND status IS NULL ORDER BY created_at DESC LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 AND follower_id > 7 ORDER BY follower_id LIMIT 5 | Whole",
        "SELECT follower_id FROM follower WHERE user_id=1 AND created_at >= '2024-01-01 00:00:00' ORDER BY created_at DESC LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 AND day BETWEEN '2024-01-01' AND '2024-02-01' ORDER BY created_at DESC LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 AND note='x' ORDER BY created_at DESC LIMIT 5 | Ordered",
        "SELECT follower_id FROM follower WHERE user_id=1 AND amount > 1.5 ORDER BY created_at DESC LIMIT 5 | Ordered",
        "SELECT COUNT(*) FROM follower WHERE user_id=1 | Count",
        "SELECT COUNT(*) FROM follower WHERE user_id=1 AND status=1 | Whole",
        // Not proven:
        "SELECT follower_id FROM follower WHERE user_id=1 | no-order",
        "SELECT follower_id FROM follower WHERE user_id=1 LIMIT 1 | no-order",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY user_id | no-order",
        "SELECT follower_id FROM follower ORDER BY created_at DESC LIMIT 5 | where",
        "SELECT COUNT(*) FROM follower | where",
        "SELECT follower_id FROM follower WHERE follower_id=1 ORDER BY created_at DESC | where",
        "SELECT follower_id FROM follower WHERE user_id>1 ORDER BY created_at DESC | where",
        "SELECT follower_id FROM follower WHERE user_id IN (1,2) ORDER BY created_at DESC | where",
        "SELECT status FROM follower WHERE user_id=1.5 AND follower_id=2 | value",
        "SELECT status FROM follower WHERE user_id=99999999999999999999 AND follower_id=2 | value",
        "SELECT missing FROM follower WHERE user_id=1 AND follower_id=2 | column",
        "SELECT status FROM follower WHERE user_id=1 AND follower_id=2 AND missing=1 | column",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY missing | column",
        "SELECT ratio FROM follower WHERE user_id=1 AND follower_id=2 | float",
        "SELECT follower_id FROM follower WHERE user_id=1 ORDER BY note LIMIT 5 | order-type",
        "SELECT follower_id FROM follower WHERE user_id=1 AND label='x' ORDER BY created_at DESC | filter-type",
        "SELECT follower_id FROM follower WHERE user_id=1 AND ratio > 1 ORDER BY created_at DESC | filter-type",
        "SELECT follower_id FROM follower WHERE user_id=1 AND day IN ('2024-01-01') ORDER BY created_at DESC | filter-type",
        "SELECT follower_id FROM follower WHERE user_id=1 AND seen_at IS NULL ORDER BY created_at DESC | is-null",
        "SELECT follower_id FROM follower WHERE user_id=1 AND day='2024-02-30' ORDER BY created_at DESC | value",
        "SELECT follower_id FROM follower WHERE user_id=1 AND created_at < '2024-1-1 00:00:00' ORDER BY created_at DESC | value",
        "SELECT follower_id FROM follower WHERE user_id=1 AND created_at < '2024-01-01 00:00:00.12345' ORDER BY created_at DESC | value",
        "SELECT follower_id FROM follower WHERE user_id=1 AND status='x' ORDER BY created_at DESC | value",
        "SELECT follower_id FROM follower WHERE user_id=1 AND note='ä' ORDER BY created_at DESC | value",
        "SELECT COUNT(*) FROM follower WHERE user_id=1 LIMIT 1 | count-shape",
        "SELECT status FROM follower WHERE user_id=1 AND (status, follower_id) < (1,2) ORDER BY created_at DESC | row-constructor",
      })
  void plansWhatIsProvenAndNamesWhyNot(String sql, String expected) {
    Planned planned = plan(sql, SessionTerms.of(FACTS));
    assertThat(
            planned.plan().map(p -> p.read().getClass().getSimpleName()).orElse(planned.reason()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT status FROM follower WHERE user_id=1 AND follower_id=2 FOR UPDATE",
        "SELECT DISTINCT status FROM follower WHERE user_id=1",
        "SELECT status+1 FROM follower WHERE user_id=1 AND follower_id=2",
        "SELECT status FROM follower WHERE user_id=1 OR follower_id=2",
        "SELECT status FROM follower WHERE user_id=1 AND follower_id=2 UNION SELECT 1",
        "SELECT COUNT(DISTINCT status) FROM follower WHERE user_id=1",
        "SELECT a.status FROM follower a JOIN follower b USING (user_id) WHERE a.user_id=1",
      })
  void whatTheAnalyzerDoesNotSeeThroughNeverReachesThePlanner(String sql) {
    assertThat(Follower.analyzed(sql).statement().select()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "created_at | +02:00 | utf8mb4 | '' | -",
        "created_at | Europe/Berlin | utf8mb4 | '' | time-zone",
        "created_at | CET | utf8mb4 | '' | time-zone",
        "status | Europe/Berlin | utf8mb4 | '' | -",
        "label | UTC | latin1 | '' | charset",
        "label | UTC | utf8mb3 | '' | charset",
        "label | UTC | '' | '' | -",
        "label | UTC | binary | '' | -",
        "code | UTC | latin1 | '' | -",
        "code | UTC | utf8mb4 | ANSI,PAD_CHAR_TO_FULL_LENGTH | pad-char",
        "status | UTC | utf16 | '' | charset",
      })
  void whatTheSessionMakesOfAColumnDecides(
      String column, String zone, String results, String mode, String reason) {
    SessionFacts facts =
        new SessionFacts(
            mode,
            zone,
            results,
            "utf8mb4",
            "18446744073709551615",
            "REPEATABLE-READ",
            "a@%",
            "NONE");
    Planned planned =
        plan(
            "SELECT " + column + " FROM follower WHERE user_id=1 AND follower_id=2",
            SessionTerms.of(facts));
    assertThat(planned.reason()).isEqualTo(reason == null ? "" : reason);
  }

  @Test
  void sqlSelectLimitIsLeftToMySql() {
    SessionFacts facts =
        new SessionFacts("", "UTC", "utf8mb4", "utf8mb4", "10", "REPEATABLE-READ", "a@%", "NONE");
    assertThat(
            plan(
                    "SELECT status FROM follower WHERE user_id=1 AND follower_id=2",
                    SessionTerms.of(facts))
                .reason())
        .isEqualTo("select-limit");
  }

  @Test
  void aTimestampConditionIsReadInTheSessionsZone() {
    SessionFacts facts =
        new SessionFacts(
            "",
            "+02:00",
            "utf8mb4",
            "utf8mb4",
            "18446744073709551615",
            "REPEATABLE-READ",
            "a@%",
            "");
    HBaseRead.Ordered read =
        (HBaseRead.Ordered)
            plan(
                    "SELECT follower_id FROM follower WHERE user_id=1"
                        + " AND created_at >= '2024-01-01 01:00:00' ORDER BY created_at DESC",
                    SessionTerms.of(facts))
                .plan()
                .orElseThrow()
                .read();
    assertThat(read.filter().matches(Follower.row(1, 2, "2023-12-31 23:00:00.000", 1))).isTrue();
    assertThat(read.filter().matches(Follower.row(1, 2, "2023-12-31 22:59:59.999", 1))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void namesAllKeysThatDecideTheResult(Layout layout) {
    TableMapping mapping = Follower.mapping(layout);
    KeyRange list = mapping.prefix(List.of(integer(7))).orElseThrow();
    ReadPlan page =
        plan(
                "SELECT follower_id FROM follower WHERE user_id=7 ORDER BY created_at DESC LIMIT 2",
                SessionTerms.ORDINARY)
            .plan()
            .orElseThrow();
    assertThat(page.ranges()).containsExactly(list);
    assertThat(page.lists()).containsExactly(ByteBuffer.wrap(mapping.listOf(list).orElseThrow()));
    ReadPlan points =
        plan(
                "SELECT status FROM follower WHERE user_id=7 AND follower_id IN (1,2,2)",
                SessionTerms.ORDINARY)
            .plan()
            .orElseThrow();
    assertThat(points.ranges())
        .containsExactly(
            KeyRange.of(mapping.key(List.of(integer(7), integer(1))).orElseThrow()),
            KeyRange.of(mapping.key(List.of(integer(7), integer(2))).orElseThrow()));
    assertThat(points.lists()).isEqualTo(page.lists());
  }

  @Test
  void aSecondConditionOnAKeyColumnIsStillTested() {
    HBaseRead.Points read =
        (HBaseRead.Points)
            plan(
                    "SELECT status FROM follower WHERE user_id=1 AND follower_id=2 AND follower_id=3",
                    SessionTerms.ORDINARY)
                .plan()
                .orElseThrow()
                .read();
    assertThat(read.filter().matches(Follower.row(1, 2, "2024-01-01 00:00:00.000", 1))).isFalse();
  }

  @Test
  void limitAndOffsetComeFromTheValues() {
    HBaseRead.Ordered read =
        (HBaseRead.Ordered)
            plan(
                    "SELECT follower_id FROM follower WHERE user_id=1"
                        + " ORDER BY created_at DESC LIMIT 3, 18446744073709551615",
                    SessionTerms.ORDINARY)
                .plan()
                .orElseThrow()
                .read();
    Shape.Listing listing = (Shape.Listing) read.shape();
    assertThat(listing.offset()).isEqualTo(3);
    assertThat(listing.count()).isGreaterThan(1L << 60);
    assertThat(listing.wanted()).isPositive();
  }

  @Test
  void moreKeysThanABatchAreLeftToMySql() {
    String keys =
        LongStream.rangeClosed(1, 1_001).mapToObj(Long::toString).collect(Collectors.joining(","));
    assertThat(
            plan(
                    "SELECT status FROM follower WHERE user_id=1 AND follower_id IN (" + keys + ")",
                    SessionTerms.ORDINARY)
                .reason())
        .isEqualTo("too-many-keys");
  }

  @Test
  void aNullParameterMatchesNoRowAndIsNoKey() {
    Analyzed page =
        Follower.analyzed(
            "SELECT follower_id FROM follower WHERE user_id=1 AND status=5"
                + " ORDER BY created_at DESC LIMIT 5");
    List<SqlValue> values = List.of(page.values().get(0), SqlValue.NULL, page.values().get(2));
    HBaseRead.Ordered read =
        (HBaseRead.Ordered)
            Planner.plan(
                    Objects.requireNonNull(page.statement().select()),
                    values,
                    WIDE,
                    SessionTerms.ORDINARY)
                .plan()
                .orElseThrow()
                .read();
    assertThat(read.filter().matches(Follower.row(1, 2, "2024-01-01 00:00:00.000", null)))
        .isFalse();
    assertThat(read.filter().matches(Follower.row(1, 2, "2024-01-01 00:00:00.000", 5))).isFalse();
    Analyzed point =
        Follower.analyzed("SELECT status FROM follower WHERE user_id=1 AND follower_id=2");
    assertThat(
            Planner.plan(
                    Objects.requireNonNull(point.statement().select()),
                    List.of(point.values().get(0), SqlValue.NULL),
                    WIDE,
                    SessionTerms.ORDINARY)
                .reason())
        .isEqualTo("value");
  }

  private static Planned plan(String sql, SessionTerms terms) {
    Analyzed analyzed = Follower.analyzed(sql);
    Statement.Select select = Objects.requireNonNull(analyzed.statement().select(), sql);
    return Planner.plan(select, analyzed.values(), WIDE, terms);
  }

  private static SqlValue integer(long value) {
    return SqlValue.of(SqlValue.Form.INTEGER, Long.toString(value));
  }
}

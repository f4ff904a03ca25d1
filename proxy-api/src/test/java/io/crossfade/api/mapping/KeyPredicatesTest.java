package io.crossfade.api.mapping;

import static io.crossfade.api.value.Types.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.ColumnType.Kind;
import io.crossfade.api.value.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class KeyPredicatesTest {
  private static final ColumnType BIGINT = ColumnType.of(Kind.BIGINT);
  private static final ColumnType TINYINT = ColumnType.of(Kind.TINYINT);
  private static final List<String> NUMBERS = List.of("-128", "-2", "-1", "0", "1", "5", "127");
  private static final List<String> DATES =
      List.of("0000-00-00", "2023-12-31", "2024-01-09", "2024-01-31", "2024-02-01", "9999-12-31");
  private static final List<String> STRINGS = List.of("", "\0", "\0\0", "a", "a\0", "ab", "b");
  private static final List<String> SPACED = List.of("", "\t", "a\t", "a", "a  b", "a b", "b");

  /** One table with a row for every combination of its columns' values. */
  private static final class Table {
    final List<Column> columns;
    final KeyLayout layout;
    final List<List<byte[]>> rows;
    final List<Key> keys;

    Table(List<Column> columns, List<List<String>> values) {
      this.columns = columns;
      List<Integer> positions = IntStream.range(0, columns.size()).boxed().toList();
      this.layout = new KeyLayout(new TableSchema(new TableName("s", "t"), columns, positions));
      this.rows = product(values);
      this.keys = rows.stream().map(this::key).toList();
    }

    Key key(List<byte[]> row) {
      return new Key(layout.encode(new Row(row.toArray(new byte[0][]))));
    }

    private static List<List<byte[]>> product(List<List<String>> values) {
      List<List<byte[]>> rows = List.of(List.of());
      for (List<String> column : values) {
        List<List<byte[]>> longer = new ArrayList<>();
        for (List<byte[]> row : rows) {
          for (String text : column) {
            List<byte[]> next = new ArrayList<>(row);
            next.add(bytes(text));
            longer.add(next);
          }
        }
        rows = longer;
      }
      return rows;
    }
  }

  private static final Table BIGINTS =
      new Table(List.of(column("a", BIGINT), column("b", BIGINT)), List.of(NUMBERS, NUMBERS));
  private static final Table MIXED =
      new Table(
          List.of(
              column("d", ColumnType.of(Kind.DATE)),
              column("v", Types.text(Kind.VARCHAR, 9, "utf8mb4_0900_bin")),
              column("t", TINYINT)),
          List.of(DATES, STRINGS, NUMBERS));
  private static final Table YEARS =
      new Table(
          List.of(column("y", ColumnType.of(Kind.YEAR)), column("w", Types.binary(Kind.BINARY, 2))),
          List.of(List.of("0000", "1901", "2024", "2155"), List.of("\0\0", "ab", "~~")));
  private static final Table PADDED =
      new Table(
          List.of(column("p", Types.text(Kind.VARCHAR, 9, "utf8mb4_bin")), column("t", TINYINT)),
          List.of(SPACED, NUMBERS));

  private static Column column(String name, ColumnType type) {
    return new Column(name, type, false, false, false);
  }

  @Property
  void selectsExactlyTheKeysOfAnyRangeOfIntegers(@ForAll("bigintRanges") KeyRange range) {
    check(BIGINTS, range);
  }

  @Property
  void selectsExactlyTheKeysOfAnyRangeOfDatesAndStrings(@ForAll("mixedRanges") KeyRange range) {
    check(MIXED, range);
  }

  @Property
  void selectsExactlyTheKeysOfAnyRangeOfYearsAndBinaries(@ForAll("yearRanges") KeyRange range) {
    check(YEARS, range);
  }

  @Property
  void selectsExactlyTheKeysOfRangesOfPaddedStrings(@ForAll("paddedRanges") KeyRange range) {
    check(PADDED, range);
  }

  @Provide
  Arbitrary<KeyRange> bigintRanges() {
    return ranges(bounds(BIGINTS, true));
  }

  @Provide
  Arbitrary<KeyRange> mixedRanges() {
    return ranges(bounds(MIXED, true));
  }

  @Provide
  Arbitrary<KeyRange> yearRanges() {
    return ranges(bounds(YEARS, true));
  }

  @Provide
  Arbitrary<KeyRange> paddedRanges() {
    return ranges(bounds(PADDED, false));
  }

  private static Arbitrary<KeyRange> ranges(Arbitrary<byte[]> bounds) {
    return Combinators.combine(bounds, bounds).as(KeyRange::new);
  }

  /**
   * Keys, prefixes of whole columns and their successors; where asked for, cut anywhere or noise.
   */
  private static Arbitrary<byte[]> bounds(Table table, boolean anywhere) {
    Arbitrary<byte[]> keys = Arbitraries.of(table.keys).map(Key::bytes);
    Arbitrary<byte[]> prefixes =
        Combinators.combine(keys, Arbitraries.integers().between(1, table.columns.size()))
            .as((key, count) -> table.layout.leading(key, count));
    Arbitrary<byte[]> proper =
        Arbitraries.oneOf(
            prefixes,
            prefixes.map(p -> KeyRange.prefix(p).to()),
            keys.map(k -> KeyRange.of(new Key(k)).to()),
            Arbitraries.just(new byte[0]));
    if (!anywhere) {
      return proper;
    }
    Arbitrary<byte[]> cut =
        Combinators.combine(keys, Arbitraries.integers().between(0, 20))
            .as((key, length) -> Arrays.copyOf(key, Math.min(length, key.length)));
    return Arbitraries.oneOf(
        proper,
        cut,
        cut.map(c -> KeyRange.prefix(c).to()),
        Combinators.combine(cut, Arbitraries.bytes().array(byte[].class).ofMaxSize(12))
            .as(AbstractMapping::concat));
  }

  private static void check(Table table, KeyRange range) {
    String sql = new KeyPredicates(table.layout).range(range);
    for (int i = 0; i < table.rows.size(); i++) {
      Key key = table.keys.get(i);
      if (SqlModel.holds(table.columns, table.rows.get(i), sql) != range.contains(key)) {
        fail("%s in %s by %s", key, range, sql);
      }
    }
  }

  @Property
  void selectsExactlyTheKeysAskedFor(@ForAll("someKeys") List<Integer> picked) {
    List<Key> keys = picked.stream().map(MIXED.keys::get).toList();
    String sql = new KeyPredicates(MIXED.layout).keys(keys);
    for (int i = 0; i < MIXED.rows.size(); i++) {
      assertThat(SqlModel.holds(MIXED.columns, MIXED.rows.get(i), sql))
          .isEqualTo(picked.contains(i));
    }
  }

  @Provide
  Arbitrary<List<Integer>> someKeys() {
    return Arbitraries.integers().between(0, MIXED.rows.size() - 1).list().ofMaxSize(4);
  }

  @Test
  void writesFormsThatRangeOverThePrimaryKey() {
    KeyPredicates predicates = new KeyPredicates(BIGINTS.layout);
    Key from = BIGINTS.key(List.of(bytes("1"), bytes("5")));
    Key to = BIGINTS.key(List.of(bytes("5"), bytes("-1")));
    assertThat(predicates.range(new KeyRange(from.bytes(), to.bytes())))
        .isEqualTo(
            "(`a` >= 1 AND (`a` > 1 OR (`a` = 1 AND `b` >= 5)))"
                + " AND (`a` <= 5 AND (`a` < 5 OR (`a` = 5 AND `b` < -1)))");
    assertThat(predicates.range(KeyRange.of(from))).isEqualTo("`a` = 1 AND `b` = 5");
    assertThat(predicates.range(KeyRange.prefix(BIGINTS.layout.leading(from.bytes(), 1))))
        .isEqualTo("`a` >= 1 AND `a` < 2");
    assertThat(predicates.range(KeyRange.ALL)).isEqualTo("TRUE");
    assertThat(predicates.keys(List.of(from, to)))
        .isEqualTo("(`a` = 1 AND `b` = 5) OR (`a` = 5 AND `b` = -1)");
    assertThat(predicates.keys(List.of())).isEqualTo("FALSE");
  }

  @Test
  void literalsCannotLeaveTheirPlace() {
    Table nasty =
        new Table(
            List.of(column("x`y", Types.text(Kind.VARCHAR, 9, "utf8mb4_0900_bin"))),
            List.of(List.of("' OR 1=1 -- ")));
    assertThat(new KeyPredicates(nasty.layout).keys(List.of(nasty.key(nasty.rows.get(0)))))
        .isEqualTo("(`x``y` = _utf8mb4 X'27204F5220313D31202D2D20')");
  }

  @Test
  void refusesABoundWithinAPaddedString() {
    KeyRange range = new KeyRange(bytes("ab"), new byte[0]);
    assertThatThrownBy(() -> new KeyPredicates(PADDED.layout).range(range))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

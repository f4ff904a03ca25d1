package io.crossfade.api.mapping;

import static io.crossfade.api.value.Types.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.ColumnType.Kind;
import io.crossfade.api.value.SqlValue;
import io.crossfade.api.value.SqlValue.Form;
import io.crossfade.api.value.Types;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both layouts over {@code follower(user_id, follower_id, created_at, status)}. */
class TableMappingTest {
  private static final TableName NAME = new TableName("social", "follower");
  private static final TableSchema SCHEMA =
      new TableSchema(
          NAME,
          List.of(
              column("user_id", ColumnType.of(Kind.BIGINT), false),
              column("follower_id", ColumnType.of(Kind.BIGINT), false),
              column("created_at", Types.scaled(Kind.TIMESTAMP, 3), true),
              column("status", ColumnType.of(Kind.TINYINT), true)),
          List.of(0, 1));
  private static final TableMapping WIDE = mapping(SCHEMA, Layout.WIDE, 4);
  private static final TableMapping TALL = mapping(SCHEMA, Layout.TALL, 4);
  private static final Row ROW = row("5", "-7", "2024-01-31 10:00:00.250", null);
  private static final String USER_5 = "8000000000000005";
  private static final String FOLLOWER_MINUS_7 = "7ffffffffffffff9";

  private static Column column(String name, ColumnType type, boolean nullable) {
    return new Column(name, type, nullable, false, false);
  }

  private static TableMapping mapping(TableSchema schema, Layout layout, int regions) {
    List<Order> orders =
        List.of(
            new Order("newest", List.of(new OrderColumn("created_at", true))),
            new Order(
                "status",
                List.of(new OrderColumn("status", false), new OrderColumn("created_at", true))));
    return TableMappings.create(
        schema, new TableConfig(NAME, "follower", layout, List.of("user_id"), orders, regions));
  }

  private static Row row(@Nullable String... texts) {
    return new Row(
        Arrays.stream(texts).map(t -> t == null ? null : bytes(t)).toArray(byte[][]::new));
  }

  private static TableMapping of(Layout layout) {
    return layout == Layout.WIDE ? WIDE : TALL;
  }

  @Test
  void aWideItemInBytes() {
    Key key = WIDE.key(ROW);
    assertThat(hex(key.bytes())).isEqualTo(USER_5 + FOLLOWER_MINUS_7);
    assertThat(hex(WIDE.itemRow(key))).hasSize(20).endsWith(USER_5);
    assertThat(WIDE.listRow(WIDE.listOf(key))).isEqualTo(WIDE.itemRow(key));
    assertThat(hex(WIDE.itemQualifier(key))).isEqualTo(FOLLOWER_MINUS_7);
    assertThat(hex(WIDE.itemValue(ROW)))
        .isEqualTo("01" + "01" + "02" + "02" + "17" + hex(bytes("2024-01-31 10:00:00.250")));
    assertThat(WIDE.columnCells(ROW)).isEmpty();
  }

  @Test
  void aTallItemInBytes() {
    Key key = TALL.key(ROW);
    String hash = hex(WIDE.itemRow(key)).substring(0, 4);
    assertThat(hex(TALL.itemRow(key))).isEqualTo(hash + "01" + USER_5 + FOLLOWER_MINUS_7);
    assertThat(hex(TALL.listRow(TALL.listOf(key)))).isEqualTo(hash + "01" + USER_5);
    assertThat(hex(TALL.itemQualifier(key))).isEqualTo("00");
    assertThat(hex(TALL.itemValue(ROW))).isEqualTo("01");
    List<TableMapping.Cell> cells = TALL.columnCells(row("5", "-7", null, "3"));
    assertThat(cells).extracting(c -> Types.string(c.qualifier())).contains("created_at", "status");
    assertThat(cells.get(0).value()).isNull();
    assertThat(cells.get(1).value()).isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 3});
  }

  @ParameterizedTest
  @EnumSource
  void anOrderEntryInBytes(Layout layout) {
    TableMapping.Address entry = of(layout).orderEntry(0, ROW);
    byte[] created = bytes("2024-01-31 10:00:00.250");
    for (int i = 0; i < created.length; i++) {
      created[i] = (byte) ~created[i];
    }
    String tail = "fe" + hex(created) + FOLLOWER_MINUS_7;
    String hash = hex(WIDE.itemRow(WIDE.key(ROW))).substring(0, 4);
    if (layout == Layout.WIDE) {
      assertThat(hex(entry.row())).isEqualTo(hash + USER_5);
      assertThat(hex(entry.qualifier())).isEqualTo("00" + tail);
    } else {
      assertThat(hex(entry.row())).isEqualTo(hash + "02" + USER_5 + "00" + tail);
      assertThat(hex(entry.qualifier())).isEqualTo("00");
    }
  }

  @Provide
  Arbitrary<Row> rows() {
    Arbitrary<String> ids =
        Arbitraries.oneOf(
            Arbitraries.integers().between(-2, 2).map(String::valueOf),
            Arbitraries.longs().map(String::valueOf));
    Arbitrary<String> created =
        Arbitraries.of(
                "2024-01-31 10:00:00.250", "2024-01-31 10:00:00.251", "1999-12-31 23:59:59.999")
            .injectNull(0.2);
    Arbitrary<String> status =
        Arbitraries.integers().between(-128, 127).map(String::valueOf).injectNull(0.2);
    return Combinators.combine(ids, ids, created, status).as(TableMappingTest::row);
  }

  @Property
  void aWideRowComesBackFromItsItem(@ForAll("rows") Row row) {
    Key key = WIDE.keyOf(WIDE.itemRow(WIDE.key(row)), WIDE.itemQualifier(WIDE.key(row)));
    assertThat(key).isEqualTo(WIDE.key(row));
    assertSame(WIDE.row(key, WIDE.itemValue(row)), row);
    assertThat(WIDE.isLive(WIDE.itemValue(row))).isTrue();
  }

  @Property
  void aTallRowComesBackFromItsCells(@ForAll("rows") Row row) {
    Key key = TALL.keyOf(TALL.itemRow(TALL.key(row)), TALL.itemQualifier(TALL.key(row)));
    assertThat(key).isEqualTo(TALL.key(row));
    Map<String, byte @Nullable []> cells = new TreeMap<>();
    TALL.columnCells(row).forEach(c -> cells.put(hex(c.qualifier()), c.value()));
    assertSame(TALL.row(key, q -> cells.get(hex(q))), row);
  }

  @Property
  void aRowComesBackFromItsOrderEntries(@ForAll("rows") Row row, @ForAll Layout layout) {
    TableMapping mapping = of(layout);
    for (int order = 0; order < 2; order++) {
      TableMapping.Address entry = mapping.orderEntry(order, row);
      assertSame(mapping.orderedRow(entry, mapping.orderValue(row)), row);
      byte[] prefix = mapping.orderPrefix(order, mapping.listOf(mapping.key(row)));
      assertThat(layout == Layout.WIDE ? entry.qualifier() : entry.row()).startsWith(prefix);
    }
  }

  @Property
  void orderEntriesSortAsMySqlSortsThem(
      @ForAll("rows") Row a, @ForAll("rows") Row b, @ForAll Layout layout) {
    Row second = new Row(new byte[][] {a.get(0), b.get(1), b.get(2), b.get(3)});
    int expected = compare(a.get(3), second.get(3), true);
    if (expected == 0) {
      expected = -compare(a.get(2), second.get(2), false);
    }
    if (expected == 0) {
      expected = compare(a.get(1), second.get(1), true);
    }
    int actual = Arrays.compareUnsigned(entry(layout, a), entry(layout, second));
    assertThat(Integer.signum(actual)).isEqualTo(Integer.signum(expected));
  }

  private static byte[] entry(Layout layout, Row row) {
    TableMapping.Address entry = of(layout).orderEntry(1, row);
    return layout == Layout.WIDE ? entry.qualifier() : entry.row();
  }

  private static int compare(byte @Nullable [] a, byte @Nullable [] b, boolean number) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    }
    return number
        ? Long.compare(Long.parseLong(Types.string(a)), Long.parseLong(Types.string(b)))
        : Arrays.compareUnsigned(a, b);
  }

  @Property
  void keysSortAsMySqlSortsThem(@ForAll("rows") Row a, @ForAll("rows") Row b) {
    int byUser = compare(a.get(0), b.get(0), true);
    int expected = byUser != 0 ? byUser : compare(a.get(1), b.get(1), true);
    assertThat(Integer.signum(WIDE.key(a).compareTo(WIDE.key(b))))
        .isEqualTo(Integer.signum(expected));
  }

  @Property
  void noOrderEntryStandsAmongTheItemsOfAList(@ForAll("rows") Row a, @ForAll("rows") Row b) {
    byte[] items = TALL.listRow(TALL.listOf(TALL.key(a)));
    byte[] entry = TALL.orderEntry(0, b).row();
    assertThat(KeyRange.prefix(items).contains(new Key(entry))).isFalse();
    assertThatThrownBy(() -> TALL.keyOf(entry, new byte[] {0}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void aPrefixHoldsTheKeysOfItsListOnly(@ForAll("rows") Row a, @ForAll("rows") Row b) {
    byte[] user = a.get(0);
    KeyRange list = WIDE.prefix(List.of(new SqlValue(Form.INTEGER, user))).orElseThrow();
    assertThat(list.contains(WIDE.key(b))).isEqualTo(Arrays.equals(user, b.get(0)));
    assertThat(WIDE.listOf(list)).hasValue(WIDE.listOf(WIDE.key(a)));
    assertThat(WIDE.listOf(KeyRange.of(WIDE.key(b)))).hasValue(WIDE.listOf(WIDE.key(b)));
  }

  @Test
  void aRangeOverSeveralListsPinsNone() {
    byte[] five = WIDE.key(ROW).bytes();
    byte[] six = WIDE.key(row("6", "1", null, null)).bytes();
    assertThat(WIDE.listOf(new KeyRange(five, six))).isEmpty();
    assertThat(WIDE.listOf(new KeyRange(five, new byte[0]))).isEmpty();
    assertThat(WIDE.listOf(KeyRange.ALL)).isEmpty();
  }

  @Test
  void keysComeOnlyFromCertainValues() {
    SqlValue five = SqlValue.of(Form.INTEGER, "5");
    SqlValue minusSeven = SqlValue.of(Form.INTEGER, "-07");
    assertThat(WIDE.key(List.of(five, minusSeven))).hasValue(WIDE.key(ROW));
    assertThat(WIDE.key(List.of(five, SqlValue.NULL))).isEmpty();
    assertThat(WIDE.key(List.of(five, SqlValue.of(Form.DECIMAL, "7.0")))).isEmpty();
    assertThat(WIDE.prefix(List.of(SqlValue.UNKNOWN))).isEmpty();
    assertThat(WIDE.prefix(List.of())).hasValue(KeyRange.ALL);
    assertThat(Stream.of(WIDE.keyValues(WIDE.key(ROW))).map(Types::string))
        .containsExactly("5", "-7");
  }

  @ParameterizedTest
  @EnumSource
  void aDeletedItemIsNotLive(Layout layout) {
    assertThat(of(layout).isLive(of(layout).deleted())).isFalse();
    assertThat(of(layout).isLive(of(layout).itemValue(ROW))).isTrue();
  }

  @Test
  void splitsDivideTheHashesEvenly() {
    assertThat(Stream.of(WIDE.splits()).map(TableMappingTest::hex))
        .containsExactly("4000", "8000", "c000");
    assertThat(mapping(SCHEMA, Layout.TALL, 1).splits()).isEmpty();
    assertThat(mapping(SCHEMA, Layout.TALL, 65536).splits()).hasDimensions(65535, 2);
  }

  @Test
  void listsSpreadOverTheRegions() {
    int[] perRegion = new int[4];
    for (int user = 0; user < 4000; user++) {
      byte[] row = WIDE.itemRow(WIDE.key(row(Integer.toString(user), "1", null, null)));
      perRegion[(row[0] & 0xFF) / 64]++;
    }
    assertThat(Arrays.stream(perRegion).boxed().toList()).allMatch(n -> n > 900 && n < 1100);
  }

  @Test
  void readsWithTheTextsOfItsColumns() {
    assertThat(WIDE.selectList())
        .isEqualTo(
            "CAST(`user_id` AS CHAR),CAST(`follower_id` AS CHAR),"
                + "CAST(`created_at` AS CHAR),CAST(`status` AS CHAR)");
    assertThat(WIDE.keyColumns()).isEqualTo("`user_id`,`follower_id`");
    assertThat(WIDE.keyPredicate(List.of(WIDE.key(ROW))))
        .isEqualTo("(`user_id` = 5 AND `follower_id` = -7)");
    TableSchema floats =
        new TableSchema(
            NAME,
            List.of(
                column("user_id", ColumnType.of(Kind.BIGINT), false),
                column("created_at", Types.scaled(Kind.DATETIME, 0), false),
                column("status", ColumnType.of(Kind.FLOAT), false)),
            List.of(0, 1));
    assertThat(mapping(floats, Layout.TALL, 1).selectList())
        .isEqualTo(
            "CAST(`user_id` AS CHAR),CAST(`created_at` AS CHAR),CAST((`status` + 0e0) AS CHAR)");
  }

  @Test
  void aPaddedKeyColumnIsStoredSoThatItsTrailingSpacesComeBack() {
    TableSchema schema =
        new TableSchema(
            NAME,
            List.of(
                column("user_id", ColumnType.of(Kind.BIGINT), false),
                column("tag", Types.text(Kind.VARCHAR, 9, "utf8mb4_bin"), false),
                column("created_at", Types.scaled(Kind.TIMESTAMP, 3), false),
                column("status", ColumnType.of(Kind.TINYINT), false)),
            List.of(0, 1));
    Row spaced = row("5", "ab  ", "2024-01-31 10:00:00.250", "1");
    Row plain = row("5", "ab", "2024-01-31 10:00:00.250", "1");
    TableMapping wide = mapping(schema, Layout.WIDE, 1);
    assertThat(wide.key(spaced)).isEqualTo(wide.key(plain));
    assertSame(wide.row(wide.key(spaced), wide.itemValue(spaced)), spaced);
    assertSame(wide.orderedRow(wide.orderEntry(0, spaced), wide.orderValue(spaced)), spaced);
  }

  @Test
  void aValueCutShortOrOfAnotherTableIsRefused() {
    Key key = WIDE.key(ROW);
    byte[] value = WIDE.itemValue(ROW);
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      assertThatThrownBy(() -> WIDE.row(key, cut)).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] otherCount = value.clone();
    otherCount[2] = 3;
    assertThatThrownBy(() -> WIDE.row(key, otherCount)).hasMessageContaining("3 columns");
    assertThatThrownBy(() -> WIDE.row(key, WIDE.deleted()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertSame(Row actual, Row expected) {
    assertThat(actual.values()).isDeepEqualTo(expected.values());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

package io.crossfade.readswitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.readswitch.hbase.HBaseReader;
import io.crossfade.readswitch.plan.Planned;
import io.crossfade.readswitch.plan.Planner;
import io.crossfade.readswitch.plan.SessionTerms;
import io.crossfade.readswitch.rows.ReadResult;
import io.crossfade.sandbox.SharedServers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every plan, in both layouts, on real HBase, against rows in memory. */
class ReadSwitchIT {
  private static final byte[] ITEMS = Bytes.toBytes("i");
  private static final byte[] ORDERS = Bytes.toBytes("o");
  private static final byte[] COUNTERS = Bytes.toBytes("c");
  private static final long OLD = 1_000;
  private static final long NEW = 2_000;
  private static final int LONG_LIST = 10_050;

  private static final List<Row> LIVE = new ArrayList<>();
  private static final List<Row> BEFORE = new ArrayList<>();
  private static final List<Row> DELETED = new ArrayList<>();
  private static AsyncConnection connection;
  private static TableMapping wide;
  private static TableMapping tall;

  @BeforeAll
  static void writeRows() throws Exception {
    connection =
        ConnectionFactory.createAsyncConnection(SharedServers.hbase().clientConfiguration())
            .get(60, TimeUnit.SECONDS);
    for (int i = 0; i < 300; i++) {
      Integer status = i % 4 == 3 ? null : i % 4;
      Row row = Follower.row(1, i * 7 % 300 - 150, second(1_000 + i * 13 % 300), status);
      if (i % 10 == 9) {
        DELETED.add(row);
      } else {
        LIVE.add(row);
      }
      if (i % 10 == 8) {
        BEFORE.add(Follower.row(1, i * 7 % 300 - 150, second(5_000 + i), 2));
      }
    }
    for (int i = 0; i < 6; i++) {
      LIVE.add(Follower.row(2, i, second(100 - i / 2), 1));
    }
    for (int i = 0; i < LONG_LIST; i++) {
      LIVE.add(Follower.row(3, i, second(i), i == LONG_LIST - 1 ? 1 : 0));
    }
    LIVE.add(Follower.row(4, -1, second(7), null));
    wide = create(Layout.WIDE);
    tall = create(Layout.TALL);
  }

  @AfterAll
  static void close() throws Exception {
    connection.close();
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void singleKeys(Layout layout) {
    check(layout, "status WHERE user_id=4 AND follower_id=-1", all(4), null, 0, 1);
    check(layout, "status WHERE user_id=4 AND follower_id=-2", r -> false, null, 0, 1);
    for (Row row : DELETED) {
      String key = "user_id=1 AND follower_id=" + text(row, 1);
      check(layout, "status WHERE " + key, r -> false, null, 0, 1);
    }
    check(
        layout,
        "status WHERE user_id=1 AND follower_id=7 AND status=1",
        all(1).and(r -> number(r, 1) == 7 && status(r) == 1),
        null,
        0,
        1);
    check(
        layout,
        "follower_id WHERE user_id=1 AND follower_id IN (7,-20,7,100000) ORDER BY follower_id DESC",
        all(1).and(r -> number(r, 1) == 7 || number(r, 1) == -20),
        byFollower().reversed(),
        0,
        10);
    assertUnproven(layout, "follower_id WHERE user_id=2 AND follower_id IN (1,2)", "no-order");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void pagesInTheDeclaredOrder(Layout layout) {
    for (int offset : new int[] {0, 1, 2, 50, 250, 269, 270, 271, 5_000}) {
      for (int limit : new int[] {1, 2, 100, 1_000}) {
        String page = " ORDER BY created_at DESC LIMIT " + limit + " OFFSET " + offset;
        check(
            layout,
            "follower_id, created_at, status WHERE user_id=1" + page,
            all(1),
            newest(),
            offset,
            limit);
        check(
            layout,
            "follower_id WHERE user_id=1 AND status=1" + page,
            all(1).and(r -> status(r) == 1),
            newest(),
            offset,
            limit);
      }
    }
    check(
        layout,
        "follower_id WHERE user_id=1 AND status IS NULL ORDER BY created_at DESC",
        all(1).and(r -> r.get(3) == null),
        newest(),
        0,
        1_000);
    check(
        layout,
        "follower_id WHERE user_id=99 ORDER BY created_at DESC LIMIT 5",
        all(99),
        newest(),
        0,
        5);
    check(
        layout,
        "follower_id WHERE user_id=3 ORDER BY created_at DESC LIMIT 3 OFFSET 4000",
        all(3),
        newest(),
        4_000,
        3);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void otherOrdersAreSortedFromTheWholeList(Layout layout) {
    check(
        layout,
        "follower_id WHERE user_id=1 ORDER BY created_at LIMIT 20 OFFSET 30",
        all(1),
        newest().reversed(),
        30,
        20);
    check(
        layout,
        "follower_id WHERE user_id=1 AND follower_id >= -20 AND follower_id < 40 ORDER BY follower_id",
        all(1).and(r -> number(r, 1) >= -20 && number(r, 1) < 40),
        byFollower(),
        0,
        1_000);
    check(
        layout,
        "follower_id WHERE user_id=2 ORDER BY created_at DESC, follower_id DESC LIMIT 3",
        all(2),
        newest().thenComparing(byFollower().reversed()),
        0,
        3);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void tiesAndTooMuchAreLeftToMySql(Layout layout) {
    assertUnproven(layout, "follower_id WHERE user_id=2 ORDER BY created_at DESC LIMIT 2", "tie");
    assertUnproven(
        layout, "follower_id WHERE user_id=2 ORDER BY created_at DESC LIMIT 1 OFFSET 1", "tie");
    check(
        layout,
        "follower_id WHERE user_id=2 ORDER BY created_at DESC, follower_id LIMIT 3 OFFSET 1",
        all(2),
        newest().thenComparing(byFollower()),
        1,
        3);
    assertUnproven(layout, "follower_id WHERE user_id=3 ORDER BY created_at DESC", "too-many");
    assertUnproven(
        layout,
        "follower_id WHERE user_id=3 AND status=2 ORDER BY created_at DESC LIMIT 1",
        "too-many");
    assertUnproven(layout, "COUNT(*) WHERE user_id=3 AND status=1", "too-many");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void counts(Layout layout) {
    assertCount(layout, "user_id=1", 270);
    assertCount(layout, "user_id=99", 0);
    assertCount(layout, "user_id=1 AND follower_id=7", 1);
    assertCount(
        layout,
        "user_id=1 AND status=1",
        LIVE.stream().filter(all(1).and(r -> status(r) == 1)).count());
    if (layout == Layout.WIDE) {
      assertCount(layout, "user_id=3", LONG_LIST);
    } else {
      assertUnproven(layout, "COUNT(*) WHERE user_id=3", "too-many");
    }
  }

  private static void assertCount(Layout layout, String where, long expected) {
    assertThat(texts(proven(layout, "COUNT(*) WHERE " + where).rows()))
        .containsExactly(List.of(Long.toString(expected)));
  }

  private static void assertUnproven(Layout layout, String tail, String reason) {
    assertThat(read(layout, tail).unproven()).as(tail).isEqualTo(reason);
  }

  /** Compares HBase's answer with the rows in memory; every case has rows with a certain order. */
  private static void check(
      Layout layout,
      String tail,
      Predicate<Row> where,
      @Nullable Comparator<Row> order,
      long offset,
      long limit) {
    List<String> columns = List.of(tail.substring(0, tail.indexOf(" WHERE")).split(", "));
    Stream<Row> rows = LIVE.stream().filter(where);
    List<List<String>> expected =
        (order == null ? rows : rows.sorted(order))
            .skip(offset)
            .limit(limit)
            .map(
                r ->
                    columns.stream()
                        .map(c -> text(r, Follower.SCHEMA.indexOf(c).orElseThrow()))
                        .toList())
            .toList();
    assertThat(texts(proven(layout, tail).rows())).as(layout + " " + tail).isEqualTo(expected);
  }

  private static ReadResult proven(Layout layout, String tail) {
    ReadResult result = read(layout, tail);
    assertThat(result.unproven()).as(tail).isEmpty();
    return result;
  }

  private static ReadResult read(Layout layout, String tail) {
    Analyzed analyzed =
        Follower.analyzed("SELECT " + tail.replace(" WHERE", " FROM follower WHERE"));
    TableMapping mapping = layout == Layout.WIDE ? wide : tall;
    Planned planned =
        Planner.plan(
            Objects.requireNonNull(analyzed.statement().select()),
            analyzed.values(),
            mapping,
            SessionTerms.ORDINARY);
    assertThat(planned.reason()).as(tail).isEmpty();
    return new HBaseReader(() -> Optional.of(connection))
        .read(mapping, planned.plan().orElseThrow().read(), () -> false)
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
  }

  private static TableMapping create(Layout layout) throws Exception {
    String name = SharedServers.uniqueSchema("reads");
    TableMapping mapping = Follower.mapping(layout, name);
    TableDescriptorBuilder table = TableDescriptorBuilder.newBuilder(TableName.valueOf(name));
    for (byte[] family : List.of(ITEMS, ORDERS, COUNTERS)) {
      table.setColumnFamily(ColumnFamilyDescriptorBuilder.of(family));
    }
    connection.getAdmin().createTable(table.build(), mapping.splits()).get(60, TimeUnit.SECONDS);
    List<Put> puts = new ArrayList<>();
    if (layout == Layout.WIDE) {
      LIVE.forEach(row -> puts.addAll(wideItem(mapping, row)));
      DELETED.forEach(row -> puts.add(state(mapping, row, mapping.deleted(), NEW)));
      for (long user : new long[] {1, 2, 3, 4}) {
        Row any = LIVE.stream().filter(all(user)).findFirst().orElseThrow();
        long count = LIVE.stream().filter(all(user)).count();
        puts.add(
            new Put(mapping.itemRow(mapping.key(any)))
                .addColumn(COUNTERS, Bytes.toBytes("n"), Bytes.toBytes(count)));
      }
    } else {
      // Order rows of states that are over, as they stay behind until they are swept.
      // Some have the item's very version: a re-read of that millisecond was refused at the item.
      BEFORE.forEach(
          row -> puts.add(orderEntry(mapping, row, BEFORE.indexOf(row) % 2 == 0 ? OLD : NEW)));
      DELETED.forEach(row -> puts.add(orderEntry(mapping, row, OLD)));
      DELETED.forEach(row -> puts.add(state(mapping, row, mapping.deleted(), NEW)));
      LIVE.forEach(row -> puts.addAll(tallItem(mapping, row)));
    }
    AsyncTable<?> target = connection.getTable(TableName.valueOf(name));
    for (int from = 0; from < puts.size(); from += 2_000) {
      target
          .putAll(puts.subList(from, Math.min(puts.size(), from + 2_000)))
          .get(60, TimeUnit.SECONDS);
    }
    return mapping;
  }

  private static List<Put> wideItem(TableMapping mapping, Row row) {
    return List.of(state(mapping, row, mapping.itemValue(row), NEW), orderEntry(mapping, row, NEW));
  }

  private static List<Put> tallItem(TableMapping mapping, Row row) {
    Put item = state(mapping, row, mapping.itemValue(row), NEW);
    for (TableMapping.Cell cell : mapping.columnCells(row)) {
      byte[] value = cell.value();
      if (value != null) {
        item.addColumn(ITEMS, cell.qualifier(), NEW, value);
      }
    }
    return List.of(item, orderEntry(mapping, row, NEW));
  }

  private static Put state(TableMapping mapping, Row row, byte[] value, long version) {
    Key key = mapping.key(row);
    return new Put(mapping.itemRow(key))
        .addColumn(ITEMS, mapping.itemQualifier(key), version, value);
  }

  private static Put orderEntry(TableMapping mapping, Row row, long version) {
    TableMapping.Address address = mapping.orderEntry(0, row);
    return new Put(address.row())
        .addColumn(ORDERS, address.qualifier(), version, mapping.orderValue(row));
  }

  private static Predicate<Row> all(long user) {
    return row -> number(row, 0) == user;
  }

  private static Comparator<Row> newest() {
    return Comparator.comparing((Row row) -> text(row, 2)).reversed();
  }

  private static Comparator<Row> byFollower() {
    return Comparator.comparingLong(row -> number(row, 1));
  }

  private static long number(Row row, int column) {
    return Long.parseLong(text(row, column));
  }

  private static int status(Row row) {
    return row.get(3) == null ? -1 : Integer.parseInt(text(row, 3));
  }

  private static String second(int n) {
    return java.time.LocalDateTime.of(2024, 1, 1, 0, 0)
            .plusSeconds(n)
            .format(java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss"))
        + ".000";
  }

  private static List<List<String>> texts(List<Row> rows) {
    return rows.stream().map(r -> Stream.of(r.values()).map(ReadSwitchIT::text).toList()).toList();
  }

  private static String text(Row row, int column) {
    return text(row.get(column));
  }

  private static String text(byte @Nullable [] value) {
    return value == null ? "NULL" : new String(value, StandardCharsets.US_ASCII);
  }
}

package io.crossfade.dualwrite.hbase;

import static io.crossfade.dualwrite.mirror.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping.Address;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.dualwrite.mirror.Fixture;
import io.crossfade.dualwrite.mysql.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncAdmin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.CompactionState;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.io.compress.Compression;
import org.apache.hadoop.hbase.util.Bytes;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guard of item writes, against a real HBase. */
class HBaseGuardIT {
  private static final String NEW = "2026-03-03 00:00:00.000";
  private static final String OLD = "2026-01-01 00:00:00.000";
  private static final String LATE = "2026-02-02 00:00:00.000";

  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusesALateWriteWithItsOrderEntry(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      Key key = f.key(1, 2);
      assertThat(write(f, 100, key, row(1, 2, OLD, "1", null)).applied()).containsExactly(key);
      assertThat(write(f, 300, key, row(1, 2, NEW, "2", null)).applied()).containsExactly(key);

      WriteResult late = write(f, 200, key, row(1, 2, LATE, "3", null));

      assertThat(late.superseded()).containsExactly(key);
      assertThat(item(f, key).shows(row(1, 2, NEW, "2", null))).isTrue();
      assertThat(item(f, key).version()).isEqualTo(300);
      assertThat(entryVersion(f, row(1, 2, NEW, "2", null))).isEqualTo(300);
      assertThat(entryVersion(f, row(1, 2, OLD, "1", null))).isEqualTo(StoredItem.NONE);
      assertThat(entryVersion(f, row(1, 2, LATE, "3", null))).isEqualTo(StoredItem.NONE);
      assertThat(count(f, key)).isEqualTo(layout == Layout.WIDE ? 1 : 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusesLateWritesAfterFlushAndCompactions(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      Key key = f.key(1, 2);
      write(f, 100, key, row(1, 2, OLD, "1", "a"));
      flush(f);
      write(f, 300, key, null);
      flush(f);
      assertThat(write(f, 200, key, row(1, 2, LATE, "3", null)).superseded()).contains(key);
      compact(f, false);
      assertThat(write(f, 200, key, row(1, 2, LATE, "3", null)).superseded()).contains(key);
      compact(f, true);
      assertThat(write(f, 299, key, row(1, 2, LATE, "3", null)).superseded()).contains(key);

      assertThat(item(f, key).live()).isFalse();
      assertThat(item(f, key).version()).isEqualTo(300);
      assertThat(entryVersion(f, row(1, 2, LATE, "3", null))).isEqualTo(StoredItem.NONE);
      assertThat(count(f, key)).isZero();
      assertThat(write(f, 301, key, row(1, 2, OLD, "1", "a")).applied()).contains(key);
      assertThat(item(f, key).shows(row(1, 2, OLD, "1", "a"))).isTrue();
      assertThat(entryVersion(f, row(1, 2, OLD, "1", "a"))).isEqualTo(301);
      assertThat(count(f, key)).isEqualTo(layout == Layout.WIDE ? 1 : 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aTableWithOtherSettingsIsTakenUnlessItForgetsRows(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      AsyncAdmin admin = f.link().connection().getAdmin();
      TableName table = TableName.valueOf(f.mapping().config().hbaseTable());
      ColumnFamilyDescriptor items =
          admin.getDescriptor(table).get().getColumnFamily(Families.ITEMS);
      HBaseTables tables = new HBaseTables(f.link());
      admin
          .modifyColumnFamily(
              table,
              ColumnFamilyDescriptorBuilder.newBuilder(items)
                  .setCompressionType(Compression.Algorithm.GZ)
                  .build())
          .get();
      tables.ensure(f.mapping());
      admin
          .modifyColumnFamily(
              table, ColumnFamilyDescriptorBuilder.newBuilder(items).setTimeToLive(86_400).build())
          .get();
      assertThatThrownBy(() -> tables.ensure(f.mapping()))
          .isInstanceOf(PluginException.class)
          .hasMessageContaining("TTL => 'FOREVER'");
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusesTheSameVersionTwice(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      Key key = f.key(1, 2);
      write(f, 100, key, row(1, 2, OLD, "1", null));
      assertThat(write(f, 100, key, null).superseded()).containsExactly(key);
      assertThat(item(f, key).live()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void sendsNothingWhoseVersionHasGrownOld(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      Key key = f.key(1, 2);
      Row row = row(1, 2, OLD, "1", null);
      long deadline = f.link().settings().deadline().toNanos();
      Version old = new Version(100, System.nanoTime() - deadline - 1);

      WriteResult late = f.lane().writer().write(old, List.of(new Intent(key, row)));

      assertThat(late.failed().get(key)).isInstanceOf(StaleVersionException.class);
      assertThat(late.unknown()).isZero();
      assertThat(item(f, key).version()).isEqualTo(StoredItem.NONE);
      assertThat(entryVersion(f, row)).isEqualTo(StoredItem.NONE);
      write(f, 100, key, row);
      assertThat(f.lane().writer().write(old, List.of(new Intent(key, null))).superseded())
          .containsExactly(key);
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void leavesNoCellOfAColumnThatBecameNull(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      Key key = f.key(1, 2);
      write(f, 100, key, row(1, 2, OLD, "1", "note"));
      write(f, 200, key, row(1, 2, OLD, null, null));
      assertThat(item(f, key).shows(row(1, 2, OLD, null, null))).isTrue();
      write(f, 300, key, null);
      assertThat(item(f, key).columns()).isEmpty();
      write(f, 400, key, row(1, 2, OLD, null, "back"));
      assertThat(item(f, key).shows(row(1, 2, OLD, null, "back"))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void keepsTheCounterAndTheOrderRightUnderRaces(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      int threads = 8;
      int rounds = 40;
      int keys = 4;
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        futures.add(
            pool.submit(
                () -> {
                  start.await();
                  for (int r = 0; r < rounds; r++) {
                    long version = 1000L + (long) r * threads + thread;
                    List<Intent> intents = new ArrayList<>();
                    for (int k = 0; k < keys; k++) {
                      intents.add(new Intent(f.key(1, k), state(version, k)));
                    }
                    assertThat(f.lane().writer().write(young(version), intents).failed()).isEmpty();
                  }
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> future : futures) {
        future.get();
      }
      pool.shutdown();

      long last = 1000L + (long) rounds * threads - 1;
      int live = 0;
      for (int k = 0; k < keys; k++) {
        Row wanted = state(last, k);
        StoredItem item = item(f, f.key(1, k));
        assertThat(item.version()).isEqualTo(last);
        assertThat(item.shows(wanted)).isTrue();
        live += wanted == null ? 0 : 1;
      }
      if (layout == Layout.WIDE) {
        assertThat(count(f, f.key(1, 0))).isEqualTo(live);
        Result row = get(f, f.mapping().itemRow(f.key(1, 0)));
        assertThat(row.getFamilyMap(Families.ORDERS)).hasSize(live);
      }
    }
  }

  private static @Nullable Row state(long version, int k) {
    long x = version * 31 + k;
    return x % 3 == 0
        ? null
        : row(1, k, "2026-01-01 00:00:0" + (x % 7) + ".000", Long.toString(x % 5), null);
  }

  private static WriteResult write(Fixture f, long version, Key key, @Nullable Row row) {
    WriteResult result = f.lane().writer().write(young(version), List.of(new Intent(key, row)));
    assertThat(result.failed()).isEmpty();
    return result;
  }

  private static Version young(long millis) {
    return new Version(millis, System.nanoTime());
  }

  private static StoredItem item(Fixture f, Key key) throws IOException {
    return f.lane().items().items(List.of(key)).getOrDefault(key, StoredItem.ABSENT);
  }

  private static long entryVersion(Fixture f, Row row) throws IOException {
    Address address = f.mapping().orderEntry(0, row);
    Result result = get(f, address.row());
    var cell = result.getColumnLatestCell(Families.ORDERS, address.qualifier());
    return cell == null ? StoredItem.NONE : cell.getTimestamp();
  }

  private static long count(Fixture f, Key key) throws IOException {
    byte @Nullable [] value =
        get(f, f.mapping().itemRow(key)).getValue(Families.COUNTERS, Families.COUNT);
    return value == null ? 0 : Bytes.toLong(value);
  }

  private static Result get(Fixture f, byte[] row) throws IOException {
    return f.link().await(f.link().table(f.mapping()).get(new Get(row)));
  }

  private static void flush(Fixture f) throws IOException {
    f.link().await(admin(f).flush(name(f)));
  }

  private static void compact(Fixture f, boolean major) throws IOException {
    f.link().await(major ? admin(f).majorCompact(name(f)) : admin(f).compact(name(f)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ofMillis(500))
        .until(() -> f.link().await(admin(f).getCompactionState(name(f))) == CompactionState.NONE);
  }

  private static AsyncAdmin admin(Fixture f) throws IOException {
    return f.link().connection().getAdmin();
  }

  private static TableName name(Fixture f) {
    return TableName.valueOf(f.mapping().config().hbaseTable());
  }
}

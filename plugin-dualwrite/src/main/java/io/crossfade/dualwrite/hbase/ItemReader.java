package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMapping.Address;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;

/** Reads items of one table by key. Thread-safe; blocks. */
public final class ItemReader {
  private final HBaseLink link;
  private final TableMapping mapping;
  private final boolean wide;
  private final Runnable onFormer;

  /** A reader that tells nobody of former layouts. */
  public ItemReader(HBaseLink link, TableMapping mapping) {
    this(link, mapping, () -> {});
  }

  /**
   * @param onFormer told of each live item that cannot be read by the mapping
   */
  public ItemReader(HBaseLink link, TableMapping mapping, Runnable onFormer) {
    this.link = link;
    this.mapping = mapping;
    this.onFormer = onFormer;
    this.wide = mapping.config().layout() == Layout.WIDE;
  }

  /** What HBase holds of {@code keys}; every key is in the result. */
  public Map<Key, StoredItem> items(Collection<Key> keys) throws IOException {
    Map<Key, StoredItem> items = new HashMap<>();
    rows(keys, Map.of()).forEach((key, result) -> items.put(key, item(key, result)));
    return items;
  }

  /**
   * As {@link #items(Collection)}, but a key that cannot be read fails alone.
   *
   * @param failed gets the keys that could not be read, and why; they are not in the result
   */
  Map<Key, StoredItem> items(Collection<Key> keys, Map<Key, Throwable> failed) throws IOException {
    Map<ByteBuffer, Get> gets = gets(keys, Map.of());
    Map<ByteBuffer, CompletableFuture<Result>> byRow = new HashMap<>();
    List<CompletableFuture<Result>> stages =
        link.table(mapping).get(new ArrayList<>(gets.values()));
    link.settle(stages);
    int i = 0;
    for (ByteBuffer row : gets.keySet()) {
      byRow.put(row, stages.get(i++));
    }
    Map<Key, StoredItem> items = new HashMap<>();
    for (Key key : keys) {
      CompletableFuture<Result> stage = byRow.get(ByteBuffer.wrap(mapping.itemRow(key)));
      try {
        items.put(key, stage == null ? StoredItem.ABSENT : item(key, stage.join()));
      } catch (CompletionException e) {
        failed.put(key, e.getCause() == null ? e : e.getCause());
      } catch (RuntimeException e) {
        failed.put(key, e);
      }
    }
    return items;
  }

  /**
   * Compares HBase with rows of MySQL: items and the order entries that belong to them.
   *
   * @return what HBase holds, and whether it is right
   */
  public Map<Key, Compared> compare(Map<Key, Row> expected) throws IOException {
    Map<Key, Result> results = rows(expected.keySet(), expected);
    Map<Key, Compared> compared = new HashMap<>();
    List<Key> tall = new ArrayList<>();
    for (Map.Entry<Key, Row> e : expected.entrySet()) {
      Result result = found(results, e.getKey());
      StoredItem item = item(e.getKey(), result);
      boolean right = item.shows(e.getValue());
      if (right && wide) {
        right = ordersRight(item, e.getValue(), address -> result);
      } else if (right && !mapping.config().orders().isEmpty()) {
        tall.add(e.getKey());
      }
      compared.put(e.getKey(), new Compared(item, right));
    }
    if (!tall.isEmpty()) {
      compareTallOrders(tall, expected, compared);
    }
    return compared;
  }

  /** What HBase holds of a key, and whether item and order entries are what MySQL says. */
  public record Compared(StoredItem item, boolean right) {}

  private static Result found(Map<Key, Result> results, Key key) {
    Result result = results.get(key);
    return result == null ? Result.EMPTY_RESULT : result;
  }

  private static Row row(Map<Key, Row> rows, Key key) {
    Row row = rows.get(key);
    if (row == null) {
      throw new IllegalStateException("no row for the key");
    }
    return row;
  }

  private void compareTallOrders(
      List<Key> keys, Map<Key, Row> expected, Map<Key, Compared> compared) throws IOException {
    List<Get> gets = new ArrayList<>();
    for (Key key : keys) {
      for (int o = 0; o < mapping.config().orders().size(); o++) {
        Address a = mapping.orderEntry(o, row(expected, key));
        gets.add(new Get(a.row()).addColumn(Families.ORDERS, a.qualifier()));
      }
    }
    List<Result> results = link.awaitAll(link.table(mapping).get(gets));
    Map<ByteBuffer, Result> byRow = new HashMap<>();
    for (int i = 0; i < gets.size(); i++) {
      byRow.put(ByteBuffer.wrap(gets.get(i).getRow()), results.get(i));
    }
    for (Key key : keys) {
      Compared before = compared.get(key);
      if (before != null) {
        boolean right =
            ordersRight(
                before.item(),
                row(expected, key),
                a -> byRow.getOrDefault(ByteBuffer.wrap(a.row()), Result.EMPTY_RESULT));
        compared.put(key, new Compared(before.item(), right));
      }
    }
  }

  private boolean ordersRight(
      StoredItem item, Row row, java.util.function.Function<Address, Result> where) {
    for (int o = 0; o < mapping.config().orders().size(); o++) {
      Address address = mapping.orderEntry(o, row);
      @Nullable Cell cell =
          where.apply(address).getColumnLatestCell(Families.ORDERS, address.qualifier());
      if (cell == null
          || cell.getTimestamp() != item.version()
          || !CellUtil.matchingValue(cell, mapping.orderValue(row))) {
        return false;
      }
    }
    return true;
  }

  /**
   * One row read per HBase row; wide rows with the items' cells and, where {@code expected} knows
   * the row, its order entries: a consistent snapshot.
   */
  private Map<Key, Result> rows(Collection<Key> keys, Map<Key, Row> expected) throws IOException {
    Map<ByteBuffer, Get> gets = gets(keys, expected);
    List<Result> results = link.awaitAll(link.table(mapping).get(new ArrayList<>(gets.values())));
    Map<ByteBuffer, Result> byRow = new HashMap<>();
    int i = 0;
    for (ByteBuffer row : gets.keySet()) {
      byRow.put(row, results.get(i++));
    }
    Map<Key, Result> byKey = new HashMap<>();
    for (Key key : keys) {
      byKey.put(
          key, byRow.getOrDefault(ByteBuffer.wrap(mapping.itemRow(key)), Result.EMPTY_RESULT));
    }
    return byKey;
  }

  private Map<ByteBuffer, Get> gets(Collection<Key> keys, Map<Key, Row> expected) {
    Map<ByteBuffer, Get> gets = new LinkedHashMap<>();
    for (Key key : keys) {
      byte[] row = mapping.itemRow(key);
      Get get = gets.computeIfAbsent(ByteBuffer.wrap(row), r -> new Get(row));
      if (!wide) {
        get.addFamily(Families.ITEMS);
        continue;
      }
      get.addColumn(Families.ITEMS, mapping.itemQualifier(key));
      @Nullable Row known = expected.get(key);
      if (known != null) {
        for (int o = 0; o < mapping.config().orders().size(); o++) {
          get.addColumn(Families.ORDERS, mapping.orderEntry(o, known).qualifier());
        }
      }
    }
    return gets;
  }

  /** The item of {@code key} in its HBase row. */
  StoredItem item(Key key, Result result) {
    byte[] qualifier = mapping.itemQualifier(key);
    @Nullable Cell state = result.getColumnLatestCell(Families.ITEMS, qualifier);
    if (state == null) {
      return StoredItem.ABSENT;
    }
    byte[] value = CellUtil.cloneValue(state);
    List<byte[]> columns = new ArrayList<>();
    if (!wide) {
      for (Cell cell : result.rawCells()) {
        if (!CellUtil.matchingQualifier(cell, qualifier)
            && Arrays.equals(CellUtil.cloneFamily(cell), Families.ITEMS)) {
          columns.add(CellUtil.cloneQualifier(cell));
        }
      }
    }
    if (!mapping.isLive(value)) {
      return new StoredItem(state.getTimestamp(), false, null, columns);
    }
    return new StoredItem(state.getTimestamp(), true, row(key, value, result), columns);
  }

  /** Null when it was written under a definition of the table that the mapping is not of. */
  private @Nullable Row row(Key key, byte[] value, Result result) {
    try {
      return wide
          ? mapping.row(key, value)
          : mapping.row(key, (byte[] q) -> result.getValue(Families.ITEMS, q));
    } catch (RuntimeException e) {
      onFormer.run();
      return null;
    }
  }
}

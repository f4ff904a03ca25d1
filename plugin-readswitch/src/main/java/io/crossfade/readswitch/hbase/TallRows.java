package io.crossfade.readswitch.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Scan;
import org.jspecify.annotations.Nullable;

/**
 * The tall layout: one HBase row an item, one an order entry. The two cannot change together, so an
 * order entry counts only if its item is live, has the entry's timestamp as its version, and stands
 * at this very place of the order: of two re-reads in the same millisecond one is refused at the
 * item, but not its order entry. The row is the item's.
 */
final class TallRows implements RowSource {
  private final AsyncTable<?> table;
  private final TableMapping mapping;

  TallRows(AsyncTable<?> table, TableMapping mapping) {
    this.table = table;
    this.mapping = mapping;
  }

  @Override
  public CompletableFuture<List<Row>> points(List<Key> keys) {
    List<Get> gets = new ArrayList<>(keys.size());
    keys.forEach(key -> gets.add(new Get(mapping.itemRow(key)).addFamily(ITEMS)));
    return table.getAll(gets).thenApply(this::rows);
  }

  @Override
  public CompletableFuture<Chunk> ordered(
      int order, byte[] list, byte @Nullable [] after, long skip, int limit) {
    Scan scan = scan(mapping.orderPrefix(order, list), after, limit).addFamily(ORDERS);
    return table
        .scanAll(scan)
        .thenCompose(
            entries ->
                valid(order, entries)
                    .thenApply(rows -> new Chunk(rows, 0, entries.size(), next(entries, limit))));
  }

  @Override
  public CompletableFuture<Chunk> items(byte[] list, byte @Nullable [] after, int limit) {
    return table
        .scanAll(scan(mapping.listRow(list), after, limit).addFamily(ITEMS))
        .thenApply(results -> new Chunk(rows(results), 0, results.size(), next(results, limit)));
  }

  @Override
  public CompletableFuture<OptionalLong> count(byte[] list, int limit) {
    return items(list, null, limit)
        .thenApply(
            chunk ->
                chunk.next() == null ? OptionalLong.of(chunk.rows().size()) : OptionalLong.empty());
  }

  /** The rows of those order entries that count, in their order. */
  private CompletableFuture<List<Row>> valid(int order, List<Result> entries) {
    List<Entry> read = new ArrayList<>();
    List<Get> gets = new ArrayList<>();
    for (Result entry : entries) {
      Cell cell = entry.rawCells()[0];
      TableMapping.Address address =
          new TableMapping.Address(entry.getRow(), CellUtil.cloneQualifier(cell));
      Key key = mapping.key(mapping.orderedRow(address, CellUtil.cloneValue(cell)));
      read.add(new Entry(address, key, cell.getTimestamp()));
      gets.add(new Get(mapping.itemRow(key)).addFamily(ITEMS));
    }
    if (gets.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return table
        .getAll(gets)
        .thenApply(
            items -> {
              List<Row> rows = new ArrayList<>();
              for (int i = 0; i < read.size(); i++) {
                state(order, read.get(i), items.get(i)).ifPresent(rows::add);
              }
              return rows;
            });
  }

  /** The item's row if it is what the entry stands for. */
  private Optional<Row> state(int order, Entry entry, Result item) {
    Cell state = item.getColumnLatestCell(ITEMS, mapping.itemQualifier(entry.key()));
    return state != null && state.getTimestamp() == entry.version()
        ? row(item).filter(row -> isAt(mapping.orderEntry(order, row), entry.address()))
        : Optional.empty();
  }

  private static boolean isAt(TableMapping.Address one, TableMapping.Address other) {
    return Arrays.equals(one.row(), other.row())
        && Arrays.equals(one.qualifier(), other.qualifier());
  }

  private List<Row> rows(List<Result> items) {
    List<Row> rows = new ArrayList<>();
    for (Result item : items) {
      row(item).ifPresent(rows::add);
    }
    return rows;
  }

  private Optional<Row> row(Result item) {
    if (item.isEmpty()) {
      return Optional.empty();
    }
    Key key = mapping.keyOf(item.getRow(), CellUtil.cloneQualifier(item.rawCells()[0]));
    byte[] state = item.getValue(ITEMS, mapping.itemQualifier(key));
    return state != null && mapping.isLive(state)
        ? Optional.of(mapping.row(key, (byte[] qualifier) -> item.getValue(ITEMS, qualifier)))
        : Optional.empty();
  }

  private static Scan scan(byte[] prefix, byte @Nullable [] after, int limit) {
    return new Scan()
        .withStartRow(after == null ? prefix : after, after == null)
        .withStopRow(KeyRange.prefix(prefix).to())
        .setReadType(Scan.ReadType.PREAD)
        .setCaching(limit)
        .setLimit(limit);
  }

  private static byte @Nullable [] next(List<Result> results, int limit) {
    if (results.size() < limit) {
      return null;
    }
    byte[] last = results.get(results.size() - 1).getRow();
    return Arrays.copyOf(last, last.length);
  }

  /** An order entry: where it stands, of which item, at which version. */
  private record Entry(TableMapping.Address address, Key key, long version) {}
}

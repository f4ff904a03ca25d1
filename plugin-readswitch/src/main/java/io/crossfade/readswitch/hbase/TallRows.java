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
 * order entry counts only if its item is live and has the entry's timestamp as its version.
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
                valid(entries)
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
  private CompletableFuture<List<Row>> valid(List<Result> entries) {
    List<Entry> read = new ArrayList<>();
    List<Get> gets = new ArrayList<>();
    for (Result entry : entries) {
      Cell cell = entry.rawCells()[0];
      TableMapping.Address address =
          new TableMapping.Address(entry.getRow(), CellUtil.cloneQualifier(cell));
      Row row = mapping.orderedRow(address, CellUtil.cloneValue(cell));
      Key key = mapping.key(row);
      read.add(new Entry(row, key, cell.getTimestamp()));
      gets.add(new Get(mapping.itemRow(key)).addColumn(ITEMS, mapping.itemQualifier(key)));
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
                if (isStateAt(items.get(i), read.get(i))) {
                  rows.add(read.get(i).row());
                }
              }
              return rows;
            });
  }

  private boolean isStateAt(Result item, Entry entry) {
    Cell state = item.getColumnLatestCell(ITEMS, mapping.itemQualifier(entry.key()));
    return state != null
        && state.getTimestamp() == entry.version()
        && mapping.isLive(CellUtil.cloneValue(state));
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

  /** An order entry: what it says, and at which version. */
  private record Entry(Row row, Key key, long version) {}
}

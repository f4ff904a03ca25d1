package io.crossfade.readswitch.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableMapping;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.filter.ColumnRangeFilter;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The wide layout: a list is one HBase row, so each stretch of it is one Get. Item, order entries
 * and counter change in one row mutation; an order entry that is there is valid.
 */
final class WideRows implements RowSource {
  private static final byte[] COUNTERS = "c".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COUNT = "n".getBytes(StandardCharsets.US_ASCII);

  private final AsyncTable<?> table;
  private final TableMapping mapping;

  WideRows(AsyncTable<?> table, TableMapping mapping) {
    this.table = table;
    this.mapping = mapping;
  }

  @Override
  public CompletableFuture<List<Row>> points(List<Key> keys) {
    List<Get> gets = new ArrayList<>(keys.size());
    for (Key key : keys) {
      gets.add(new Get(mapping.itemRow(key)).addColumn(ITEMS, mapping.itemQualifier(key)));
    }
    return table
        .getAll(gets)
        .thenApply(
            results -> {
              List<Row> rows = new ArrayList<>();
              results.forEach(result -> rows.addAll(items(result)));
              return rows;
            });
  }

  @Override
  public CompletableFuture<Chunk> ordered(
      int order, byte[] list, byte @Nullable [] after, long skip, int limit) {
    KeyRange qualifiers = KeyRange.prefix(mapping.orderPrefix(order, list));
    int offset = (int) Math.min(skip, Integer.MAX_VALUE / 2);
    Get get = stretch(list, ORDERS, after, qualifiers, limit).setRowOffsetPerColumnFamily(offset);
    return table.get(get).thenApply(result -> chunk(result, orderedRows(result), offset, limit));
  }

  @Override
  public CompletableFuture<Chunk> items(byte[] list, byte @Nullable [] after, int limit) {
    return table
        .get(stretch(list, ITEMS, after, KeyRange.ALL, limit))
        .thenApply(result -> chunk(result, items(result), 0, limit));
  }

  @Override
  public CompletableFuture<OptionalLong> count(byte[] list, int limit) {
    return table
        .get(new Get(mapping.listRow(list)).addColumn(COUNTERS, COUNT))
        .thenApply(
            result -> {
              byte[] count = result.getValue(COUNTERS, COUNT);
              return OptionalLong.of(count == null ? 0 : Bytes.toLong(count));
            });
  }

  /**
   * The first {@code limit} cells of a family whose qualifiers lie in a range, or behind a cell.
   */
  private Get stretch(
      byte[] list, byte[] family, byte @Nullable [] after, KeyRange qualifiers, int limit) {
    byte[] from = after == null ? qualifiers.from() : after;
    byte[] to = qualifiers.to().length == 0 ? null : qualifiers.to();
    return new Get(mapping.listRow(list))
        .addFamily(family)
        .setFilter(new ColumnRangeFilter(from, after == null, to, false))
        .setMaxResultsPerColumnFamily(limit);
  }

  private Chunk chunk(Result result, List<Row> rows, long skipped, int limit) {
    Cell[] cells = result.isEmpty() ? new Cell[0] : result.rawCells();
    byte[] next = cells.length < limit ? null : CellUtil.cloneQualifier(cells[cells.length - 1]);
    return new Chunk(rows, skipped, cells.length, next);
  }

  private List<Row> orderedRows(Result result) {
    List<Row> rows = new ArrayList<>();
    for (Cell cell : result.isEmpty() ? new Cell[0] : result.rawCells()) {
      TableMapping.Address address =
          new TableMapping.Address(result.getRow(), CellUtil.cloneQualifier(cell));
      rows.add(mapping.orderedRow(address, CellUtil.cloneValue(cell)));
    }
    return rows;
  }

  private List<Row> items(Result result) {
    List<Row> rows = new ArrayList<>();
    for (Cell cell : result.isEmpty() ? new Cell[0] : result.rawCells()) {
      byte[] value = CellUtil.cloneValue(cell);
      if (mapping.isLive(value)) {
        rows.add(mapping.row(mapping.keyOf(result.getRow(), CellUtil.cloneQualifier(cell)), value));
      }
    }
    return rows;
  }
}

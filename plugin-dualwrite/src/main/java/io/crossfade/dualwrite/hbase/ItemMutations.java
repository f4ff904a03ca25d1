package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMapping.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellScanner;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.RowMutations;
import org.apache.hadoop.hbase.io.TimeRange;
import org.jspecify.annotations.Nullable;

/** What has to be sent to HBase to give an item a state. Thread-safe. */
final class ItemMutations {
  private final TableMapping mapping;
  private final boolean wide;
  private final int orders;
  private final long largestCell;

  /**
   * @param largestCell bytes that a cell may have; 0 or less: any number
   */
  ItemMutations(TableMapping mapping, long largestCell) {
    this.mapping = mapping;
    this.wide = mapping.config().layout() == Layout.WIDE;
    this.orders = mapping.config().orders().size();
    this.largestCell = largestCell;
  }

  /**
   * What one intent needs.
   *
   * @param orderRows TALL: put before the item
   * @param check the guarded replacement of the item
   * @param leftovers TALL: deleted after the item
   */
  record Write(Intent intent, List<Put> orderRows, CheckAndMutate check, List<Delete> leftovers) {}

  /**
   * The writes that replace {@code old} by an intent's state.
   *
   * @throws UnwritableException when HBase cannot take that state
   */
  Write write(long version, Intent intent, StoredItem old) throws UnwritableException {
    try {
      boolean tall = !wide;
      List<Put> orderRows =
          tall && intent.row() != null ? orderRows(version, intent.row()) : List.of();
      for (Put put : orderRows) {
        requireSmall(put);
      }
      return new Write(
          intent,
          orderRows,
          check(version, intent, old),
          tall ? leftovers(version, intent.row(), old.row()) : List.of());
    } catch (UnwritableException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw (UnwritableException)
          new UnwritableException("encoding", "the row cannot be encoded: " + e.getClass())
              .initCause(e);
    }
  }

  private CheckAndMutate check(long version, Intent intent, StoredItem old) throws IOException {
    byte[] hbaseRow = mapping.itemRow(intent.key());
    byte[] qualifier = mapping.itemQualifier(intent.key());
    List<Mutation> mutations =
        wide
            ? wide(version, intent, old, hbaseRow, qualifier)
            : tall(version, intent.row(), old, hbaseRow, qualifier);
    for (Mutation mutation : mutations) {
      requireSmall(mutation);
    }
    return CheckAndMutate.newBuilder(hbaseRow)
        .ifNotExists(Families.ITEMS, qualifier)
        .timeRange(TimeRange.from(old.version() + 1))
        .build(new RowMutations(hbaseRow, mutations.size()).add(mutations));
  }

  /** As the client would, but before anything of the batch is sent. */
  private void requireSmall(Mutation mutation) throws IOException {
    if (largestCell <= 0) {
      return;
    }
    CellScanner cells = mutation.cellScanner();
    while (cells.advance()) {
      Cell cell = cells.current();
      int bytes = cell.getSerializedSize();
      if (bytes > largestCell) {
        throw new UnwritableException(
            "cell-too-large",
            "a cell of " + bytes + " bytes; hbase.client.keyvalue.maxsize is " + largestCell);
      }
    }
  }

  private List<Mutation> tall(
      long version, @Nullable Row row, StoredItem old, byte[] hbaseRow, byte[] qualifier) {
    Put put =
        new Put(hbaseRow)
            .addColumn(
                Families.ITEMS,
                qualifier,
                version,
                row == null ? mapping.deleted() : mapping.itemValue(row));
    List<byte[]> stale = new ArrayList<>(old.columns());
    if (row != null) {
      for (TableMapping.Cell cell : mapping.columnCells(row)) {
        byte[] value = cell.value();
        if (value != null) {
          put.addColumn(Families.ITEMS, cell.qualifier(), version, value);
          stale.removeIf(q -> Arrays.equals(q, cell.qualifier()));
        }
      }
    }
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(put);
    if (!stale.isEmpty()) {
      Delete delete = new Delete(hbaseRow);
      stale.forEach(q -> delete.addColumns(Families.ITEMS, q, version));
      mutations.add(delete);
    }
    return mutations;
  }

  private List<Put> orderRows(long version, Row row) {
    List<Put> puts = new ArrayList<>();
    for (int o = 0; o < orders; o++) {
      Address a = mapping.orderEntry(o, row);
      puts.add(
          new Put(a.row())
              .addColumn(Families.ORDERS, a.qualifier(), version, mapping.orderValue(row)));
    }
    return puts;
  }

  /** Order rows of the old state that the new one does not use. */
  private List<Delete> leftovers(long version, @Nullable Row row, @Nullable Row old) {
    List<Delete> deletes = new ArrayList<>();
    if (old != null) {
      for (int o = 0; o < orders; o++) {
        Address a = mapping.orderEntry(o, old);
        if (row == null || !Arrays.equals(a.row(), mapping.orderEntry(o, row).row())) {
          deletes.add(new Delete(a.row()).addColumns(Families.ORDERS, a.qualifier(), version));
        }
      }
    }
    return deletes;
  }

  private List<Mutation> wide(
      long version, Intent intent, StoredItem old, byte[] hbaseRow, byte[] qualifier) {
    @Nullable Row row = intent.row();
    @Nullable Row oldRow = old.row();
    Put put =
        new Put(hbaseRow)
            .addColumn(
                Families.ITEMS,
                qualifier,
                version,
                row == null ? mapping.deleted() : mapping.itemValue(row));
    List<byte[]> stale = new ArrayList<>(intent.strays());
    for (int o = 0; o < orders; o++) {
      if (oldRow != null) {
        stale.add(mapping.orderEntry(o, oldRow).qualifier());
      }
    }
    for (int o = 0; o < orders && row != null; o++) {
      byte[] entry = mapping.orderEntry(o, row).qualifier();
      put.addColumn(Families.ORDERS, entry, version, mapping.orderValue(row));
      stale.removeIf(q -> Arrays.equals(q, entry));
    }
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(put);
    if (!stale.isEmpty()) {
      Delete delete = new Delete(hbaseRow);
      stale.forEach(q -> delete.addColumns(Families.ORDERS, q, version));
      mutations.add(delete);
    }
    int change = (row == null ? 0 : 1) - (old.live() ? 1 : 0);
    if (change != 0) {
      mutations.add(new Increment(hbaseRow).addColumn(Families.COUNTERS, Families.COUNT, change));
    }
    return mutations;
  }
}

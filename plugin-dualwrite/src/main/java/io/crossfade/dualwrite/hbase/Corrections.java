package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.dualwrite.hbase.LeftoverScan.OrderRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.io.TimeRange;
import org.apache.hadoop.hbase.util.Bytes;

/** What is put right in HBase without a state of MySQL: counters and leftovers. Blocks. */
public final class Corrections {
  private final HBaseLink link;
  private final TableMapping mapping;

  public Corrections(HBaseLink link, TableMapping mapping) {
    this.link = link;
    this.mapping = mapping;
  }

  /**
   * Adds {@code -drift} to a wide row's counter, if it still is what it was when the drift was
   * seen. As the counter changes with the items in one mutation, the drift is the same whatever was
   * written since; only another correction must not happen twice.
   *
   * @return whether it was done
   */
  public boolean counter(ScannedRow seen) throws IOException {
    CheckAndMutate.Builder check = CheckAndMutate.newBuilder(seen.row());
    CheckAndMutate.Builder condition =
        seen.counter() == 0
            ? check.ifNotExists(Families.COUNTERS, Families.COUNT)
            : check.ifEquals(Families.COUNTERS, Families.COUNT, Bytes.toBytes(seen.counter()));
    Increment increment =
        new Increment(seen.row()).addColumn(Families.COUNTERS, Families.COUNT, -seen.drift());
    if (link.await(link.table(mapping).checkAndMutate(condition.build(increment))).isSuccess()) {
      return true;
    }
    if (seen.counter() != 0) {
      return false;
    }
    CheckAndMutate zero =
        CheckAndMutate.newBuilder(seen.row())
            .ifEquals(Families.COUNTERS, Families.COUNT, Bytes.toBytes(0L))
            .build(increment);
    return link.await(link.table(mapping).checkAndMutate(zero)).isSuccess();
  }

  /** Removes a soft deletion for good, if it is still the item's newest state. */
  public boolean purge(Key key, long version) throws IOException {
    byte[] row = mapping.itemRow(key);
    byte[] qualifier = mapping.itemQualifier(key);
    CheckAndMutate purge =
        CheckAndMutate.newBuilder(row)
            .ifNotExists(Families.ITEMS, qualifier)
            .timeRange(TimeRange.from(version + 1))
            .build(new Delete(row).addColumns(Families.ITEMS, qualifier, version));
    return link.await(link.table(mapping).checkAndMutate(purge)).isSuccess();
  }

  /**
   * TALL: removes those of {@code rows} that no item uses: the item is missing, deleted, has
   * another version or stands elsewhere in the order. They must be so old that no item of their
   * version can come any more.
   *
   * @return how many were removed
   */
  public int orphans(List<OrderRow> rows) throws IOException {
    if (rows.isEmpty()) {
      return 0;
    }
    Map<Key, StoredItem> items =
        new ItemReader(link, mapping).items(rows.stream().map(OrderRow::key).distinct().toList());
    List<Delete> deletes = new ArrayList<>();
    for (OrderRow row : rows) {
      if (!uses(items.getOrDefault(row.key(), StoredItem.ABSENT), row)) {
        deletes.add(
            new Delete(row.address().row())
                .addColumns(Families.ORDERS, row.address().qualifier(), row.version()));
      }
    }
    int removed = deletes.size(); // the client empties the list
    if (removed > 0) {
      link.awaitAll(link.table(mapping).delete(deletes));
    }
    return removed;
  }

  private boolean uses(StoredItem item, OrderRow order) {
    Row row = item.row();
    if (row == null || item.version() != order.version()) {
      return false;
    }
    for (int o = 0; o < mapping.config().orders().size(); o++) {
      if (Arrays.equals(mapping.orderEntry(o, row).row(), order.address().row())) {
        return true;
      }
    }
    return false;
  }
}

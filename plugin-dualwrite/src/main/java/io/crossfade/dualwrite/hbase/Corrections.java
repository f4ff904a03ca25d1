package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.TableMapping;
import java.io.IOException;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.io.TimeRange;
import org.apache.hadoop.hbase.util.Bytes;

/** What is put right in HBase without a state of MySQL: counters and old soft deletions. Blocks. */
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
}

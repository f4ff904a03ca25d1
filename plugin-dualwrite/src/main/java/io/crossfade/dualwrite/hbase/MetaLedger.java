package io.crossfade.dualwrite.hbase;

import io.crossfade.dualwrite.mysql.VersionLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/** The largest reserved version of one HBase table, in its row of the meta table. Thread-safe. */
public final class MetaLedger implements VersionLedger {
  private static final byte[] RESERVED = "reserved".getBytes(StandardCharsets.US_ASCII);

  private final HBaseLink link;
  private final byte[] row;

  public MetaLedger(HBaseLink link, String hbaseTable) {
    this.link = link;
    this.row = hbaseTable.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long reserved() throws IOException {
    byte @Nullable [] value = value();
    return value == null ? 0 : Bytes.toLong(value);
  }

  private byte @Nullable [] value() throws IOException {
    return link.await(table().get(new Get(row).addColumn(HBaseTables.META, RESERVED)))
        .getValue(HBaseTables.META, RESERVED);
  }

  @Override
  public void reserve(long version) throws IOException {
    while (true) {
      byte @Nullable [] known = value();
      if (known != null && Bytes.toLong(known) >= version) {
        return;
      }
      if (replace(known, version)) {
        return;
      }
    }
  }

  @Override
  public void release(long reserved, long used) throws IOException {
    replace(Bytes.toBytes(reserved), used);
  }

  private boolean replace(byte @Nullable [] known, long version) throws IOException {
    CheckAndMutate.Builder check = CheckAndMutate.newBuilder(row);
    CheckAndMutate.Builder condition =
        known == null
            ? check.ifNotExists(HBaseTables.META, RESERVED)
            : check.ifEquals(HBaseTables.META, RESERVED, known);
    Put put = new Put(row).addColumn(HBaseTables.META, RESERVED, Bytes.toBytes(version));
    return link.await(table().checkAndMutate(condition.build(put))).isSuccess();
  }

  private AsyncTable<?> table() throws IOException {
    return link.table(link.settings().metaTable());
  }
}

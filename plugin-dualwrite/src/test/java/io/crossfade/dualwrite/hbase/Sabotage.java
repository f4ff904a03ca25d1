package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableMapping.Address;
import io.crossfade.dualwrite.mirror.Fixture;
import java.io.IOException;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncAdmin;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;

/** Wrongs that the mirror itself would never do. */
public final class Sabotage {
  private Sabotage() {}

  /** Adds an order entry of a row that does not exist so. */
  public static void orderEntry(Fixture f, Row row) throws IOException {
    Address a = f.mapping().orderEntry(0, row);
    f.link()
        .await(
            f.link()
                .table(f.mapping())
                .put(
                    new Put(a.row())
                        .addColumn(
                            Families.ORDERS, a.qualifier(), 5, f.mapping().orderValue(row))));
  }

  /** Whether the row has an entry in its order. */
  public static boolean hasOrderEntry(Fixture f, Row row) throws IOException {
    Address a = f.mapping().orderEntry(0, row);
    Get get = new Get(a.row()).addColumn(Families.ORDERS, a.qualifier());
    return f.link().await(f.link().table(f.mapping()).exists(get));
  }

  /** Adds to a list's counter. */
  public static void counter(Fixture f, Row row, long amount) throws IOException {
    byte[] list = f.mapping().itemRow(f.mapping().key(row));
    f.link()
        .await(
            f.link()
                .table(f.mapping())
                .increment(
                    new Increment(list).addColumn(Families.COUNTERS, Families.COUNT, amount)));
  }

  /** Makes HBase refuse larger cells in the table. */
  public static void largestCell(Fixture f, int bytes) throws IOException {
    AsyncAdmin admin = f.link().connection().getAdmin();
    TableName table = TableName.valueOf(f.mapping().config().hbaseTable());
    TableDescriptor now = f.link().await(admin.getDescriptor(table));
    f.link()
        .await(
            admin.modifyTable(
                TableDescriptorBuilder.newBuilder(now)
                    .setValue("hbase.server.keyvalue.maxsize", Integer.toString(bytes))
                    .build()));
  }
}

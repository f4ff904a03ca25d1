package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.PluginException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.NamespaceDescriptor;
import org.apache.hadoop.hbase.NamespaceExistException;
import org.apache.hadoop.hbase.TableExistsException;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncAdmin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.io.encoding.DataBlockEncoding;
import org.apache.hadoop.hbase.regionserver.BloomType;

/** Creates the tables in HBase, or checks those that exist. Blocks. */
public final class HBaseTables {
  /** Family of the meta table. */
  static final byte[] META = "m".getBytes(StandardCharsets.US_ASCII);

  private final HBaseLink link;

  public HBaseTables(HBaseLink link) {
    this.link = link;
  }

  /**
   * Makes sure that the table of a mapping exists and has the families its layout needs.
   *
   * @throws PluginException when it exists in another shape
   * @throws IOException when HBase cannot be reached
   */
  public void ensure(TableMapping mapping) throws IOException, PluginException {
    boolean wide = mapping.config().layout() == Layout.WIDE;
    List<byte[]> families =
        wide
            ? List.of(Families.ITEMS, Families.ORDERS, Families.COUNTERS)
            : List.of(Families.ITEMS, Families.ORDERS);
    create(
        mapping.config().hbaseTable(),
        families,
        wide ? BloomType.ROWCOL : BloomType.ROW,
        mapping.splits());
  }

  /** Makes sure that the meta table exists. */
  public void ensureMeta() throws IOException, PluginException {
    create(link.settings().metaTable(), List.of(META), BloomType.ROW, new byte[0][]);
  }

  private void create(String name, List<byte[]> families, BloomType bloom, byte[][] splits)
      throws IOException, PluginException {
    AsyncAdmin admin = link.connection().getAdmin();
    TableName table = TableName.valueOf(name);
    if (!link.await(admin.tableExists(table))) {
      TableDescriptorBuilder descriptor = TableDescriptorBuilder.newBuilder(table);
      for (byte[] family : families) {
        descriptor.setColumnFamily(
            ColumnFamilyDescriptorBuilder.newBuilder(family)
                .setMaxVersions(1)
                .setBloomFilterType(bloom)
                .setDataBlockEncoding(DataBlockEncoding.FAST_DIFF)
                .build());
      }
      ensureNamespace(admin, table);
      try {
        link.await(
            splits.length == 0
                ? admin.createTable(descriptor.build())
                : admin.createTable(descriptor.build(), splits));
      } catch (TableExistsException e) {
        return; // another proxy was faster
      }
    }
    check(name, families, link.await(admin.getDescriptor(table)));
  }

  private void ensureNamespace(AsyncAdmin admin, TableName table) throws IOException {
    String namespace = table.getNamespaceAsString();
    if (!link.await(admin.listNamespaces()).contains(namespace)) {
      try {
        link.await(admin.createNamespace(NamespaceDescriptor.create(namespace).build()));
      } catch (NamespaceExistException e) {
        return; // another proxy was faster
      }
    }
  }

  private static void check(String name, List<byte[]> families, TableDescriptor found)
      throws PluginException {
    Set<String> wanted = names(families);
    Set<String> have = names(List.copyOf(found.getColumnFamilyNames()));
    if (!have.equals(wanted)) {
      throw new PluginException(
          "HBase table "
              + name
              + " exists with the families "
              + have
              + ", this layout needs "
              + wanted
              + ": name another hbase-table, or drop it if it is not in use");
    }
    for (ColumnFamilyDescriptor family : found.getColumnFamilies()) {
      if (family.getTimeToLive() != HConstants.FOREVER) {
        throw new PluginException(
            "HBase table "
                + name
                + ": the family "
                + family.getNameAsString()
                + " forgets rows after "
                + family.getTimeToLive()
                + " s; alter it to TTL => 'FOREVER'");
      }
    }
  }

  private static Set<String> names(List<byte[]> families) {
    return families.stream()
        .map(f -> new String(f, StandardCharsets.UTF_8))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

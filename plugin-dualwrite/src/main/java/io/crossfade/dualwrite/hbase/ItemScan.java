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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/** A scan over the items of one table, or of one list, in HBase's order. One thread; blocks. */
public final class ItemScan implements AutoCloseable {
  private final TableMapping mapping;
  private final ItemReader reader;
  private final boolean wide;
  private final ResultScanner scanner;

  /**
   * @param list only this list; null: the whole table
   * @param after begin behind this HBase row; empty: at the start
   */
  public ItemScan(HBaseLink link, TableMapping mapping, byte @Nullable [] list, byte[] after)
      throws IOException {
    this.mapping = mapping;
    this.reader = new ItemReader(link, mapping);
    this.wide = mapping.config().layout() == Layout.WIDE;
    Scan scan = new Scan().setCaching(500).setMaxResultSize(2 << 20).setCacheBlocks(false);
    if (list != null) {
      byte[] row = mapping.listRow(list);
      if (wide) {
        scan.withStartRow(row).withStopRow(row, true);
      } else {
        scan.setStartStopRowForPrefixScan(row);
      }
    }
    if (after.length > 0) {
      scan.withStartRow(after, false);
    }
    if (!wide) {
      scan.addFamily(Families.ITEMS);
    }
    this.scanner = link.table(mapping).getScanner(scan);
  }

  /** The next row that holds an item, an order entry or a counter; null at the end. */
  public @Nullable ScannedRow next() throws IOException {
    while (true) {
      Result result = scanner.next();
      if (result == null) {
        return null;
      }
      if (wide) {
        return wide(result);
      }
      byte[] row = result.getRow();
      Key key = mapping.keyOf(row, new byte[0]);
      StoredItem item = reader.item(key, result);
      if (item.version() != StoredItem.NONE) {
        return new ScannedRow(row, Map.of(key, item), Map.of(), 0, 0);
      }
    }
  }

  private ScannedRow wide(Result result) {
    byte[] row = result.getRow();
    Map<Key, StoredItem> items = new LinkedHashMap<>();
    Map<ByteBuffer, Entry> entries = new HashMap<>();
    long live = 0;
    NavigableMap<byte[], byte[]> cells = result.getFamilyMap(Families.ITEMS);
    for (byte[] qualifier : cells == null ? List.<byte[]>of() : cells.keySet()) {
      Key key = mapping.keyOf(row, qualifier);
      StoredItem item = reader.item(key, result);
      items.put(key, item);
      Row itemRow = item.row();
      if (itemRow != null) {
        live++;
        for (int o = 0; o < mapping.config().orders().size(); o++) {
          entries.put(
              ByteBuffer.wrap(mapping.orderEntry(o, itemRow).qualifier()),
              new Entry(item.version(), mapping.orderValue(itemRow)));
        }
      }
    }
    byte @Nullable [] counted = result.getValue(Families.COUNTERS, Families.COUNT);
    long counter = counted == null ? 0 : Bytes.toLong(counted);
    return new ScannedRow(row, items, strays(result, entries), counter, counter - live);
  }

  private record Entry(long version, byte[] value) {}

  private Map<Key, List<byte[]>> strays(Result result, Map<ByteBuffer, Entry> entries) {
    Map<Key, List<byte[]>> strays = new TreeMap<>();
    for (Cell cell : result.rawCells()) {
      if (!Arrays.equals(CellUtil.cloneFamily(cell), Families.ORDERS)) {
        continue;
      }
      byte[] qualifier = CellUtil.cloneQualifier(cell);
      @Nullable Entry wanted = entries.get(ByteBuffer.wrap(qualifier));
      if (wanted == null
          || wanted.version() != cell.getTimestamp()
          || !CellUtil.matchingValue(cell, wanted.value())) {
        Row row =
            mapping.orderedRow(new Address(result.getRow(), qualifier), CellUtil.cloneValue(cell));
        strays.computeIfAbsent(mapping.key(row), k -> new ArrayList<>()).add(qualifier);
      }
    }
    return strays;
  }

  @Override
  public void close() {
    scanner.close();
  }
}

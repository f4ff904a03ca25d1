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
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A scan over the items of one table, or of one list, in HBase's order. A wide row comes in pieces,
 * so that a list of millions is never held as a whole. One thread; blocks.
 */
public final class ItemScan implements AutoCloseable {
  private static final int CELLS_AT_ONCE = 2_000;

  private final HBaseLink link;
  private final TableMapping mapping;
  private final ItemReader reader;
  private final boolean wide;
  private final ResultScanner scanner;

  /** WIDE: the piece after the one handed out last. */
  private @Nullable Result ahead;

  private boolean begun;

  /** WIDE: of the row whose pieces are being handed out. */
  private boolean inRow;

  private long counter;
  private long live;

  /**
   * @param list only this list; null: the whole table
   * @param after begin behind this HBase row; empty: at the start
   */
  public ItemScan(HBaseLink link, TableMapping mapping, byte @Nullable [] list, byte[] after)
      throws IOException {
    this.link = link;
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
    if (wide) {
      scan.setBatch(CELLS_AT_ONCE);
    } else {
      scan.addFamily(Families.ITEMS);
    }
    this.scanner = link.table(mapping).getScanner(scan);
  }

  /** The next row, or piece of one, that holds an item, an order entry or a counter; or null. */
  public @Nullable ScannedRow next() throws IOException {
    if (wide) {
      return nextPiece();
    }
    while (true) {
      Result result = scanner.next();
      if (result == null) {
        return null;
      }
      byte[] row = result.getRow();
      Key key = mapping.keyOf(row, new byte[0]);
      StoredItem item = reader.item(key, result);
      if (item.version() != StoredItem.NONE) {
        return new ScannedRow(row, Map.of(key, item), Map.of(), 0, 0, true);
      }
    }
  }

  private @Nullable ScannedRow nextPiece() throws IOException {
    @Nullable Result result = begun ? ahead : scanner.next();
    begun = true;
    if (result == null) {
      return null;
    }
    ahead = scanner.next();
    boolean end = ahead == null || !Arrays.equals(ahead.getRow(), result.getRow());
    boolean whole = end && !inRow;
    if (!inRow) {
      counter = 0;
      live = 0;
    }
    inRow = !end;
    return piece(result, whole, end);
  }

  /** The counter's family comes first, then the items', then the orders'. */
  private ScannedRow piece(Result result, boolean whole, boolean end) throws IOException {
    byte[] row = result.getRow();
    byte @Nullable [] counted = result.getValue(Families.COUNTERS, Families.COUNT);
    counter += counted == null ? 0 : Bytes.toLong(counted);
    Map<Key, StoredItem> items = items(result);
    live += items.values().stream().filter(StoredItem::live).count();
    Map<Key, List<byte[]>> strays =
        whole ? strays(result, items) : straysOf(row, result.getFamilyMap(Families.ORDERS));
    long drift = end ? counter - live : 0;
    if (drift != 0 && !whole) {
      drift = confirmed(row, drift);
    }
    return new ScannedRow(row, items, strays, counter, drift, end);
  }

  private Map<Key, StoredItem> items(Result result) {
    Map<Key, StoredItem> items = new LinkedHashMap<>();
    NavigableMap<byte[], byte[]> cells = result.getFamilyMap(Families.ITEMS);
    for (byte[] qualifier : cells == null ? List.<byte[]>of() : cells.keySet()) {
      Key key = mapping.keyOf(result.getRow(), qualifier);
      items.put(key, reader.item(key, result));
    }
    return items;
  }

  /** Order entries whose items are in another piece are looked at together with these. */
  private Map<Key, List<byte[]>> straysOf(
      byte[] row, @Nullable NavigableMap<byte[], byte[]> orderCells) throws IOException {
    if (orderCells == null || orderCells.isEmpty()) {
      return Map.of();
    }
    Get get = new Get(row);
    for (byte[] qualifier : orderCells.keySet()) {
      Key key = mapping.orderedKey(new Address(row, qualifier));
      get.addColumn(Families.ORDERS, qualifier);
      get.addColumn(Families.ITEMS, mapping.itemQualifier(key));
    }
    Result snapshot = link.await(link.table(mapping).get(get));
    return snapshot.isEmpty() ? Map.of() : strays(snapshot, items(snapshot));
  }

  /**
   * The drift of a row, if a second count finds the same: the pieces of a row are one snapshot only
   * if no region moved meanwhile. Else 0, and the next sweep will tell.
   */
  private long confirmed(byte[] row, long drift) throws IOException {
    Scan again =
        new Scan()
            .withStartRow(row)
            .withStopRow(row, true)
            .addFamily(Families.COUNTERS)
            .addFamily(Families.ITEMS)
            .setBatch(CELLS_AT_ONCE)
            .setCacheBlocks(false);
    long countedNow = 0;
    long liveNow = 0;
    try (ResultScanner results = link.table(mapping).getScanner(again)) {
      @Nullable Result result;
      while ((result = results.next()) != null) {
        byte @Nullable [] value = result.getValue(Families.COUNTERS, Families.COUNT);
        countedNow += value == null ? 0 : Bytes.toLong(value);
        liveNow += items(result).values().stream().filter(StoredItem::live).count();
      }
    }
    counter = countedNow;
    return countedNow - liveNow == drift ? drift : 0;
  }

  private record Entry(long version, byte[] value) {}

  private Map<Key, List<byte[]>> strays(Result result, Map<Key, StoredItem> items) {
    Map<ByteBuffer, Entry> entries = new HashMap<>();
    for (StoredItem item : items.values()) {
      @Nullable Row row = item.row();
      for (int o = 0; row != null && o < mapping.config().orders().size(); o++) {
        entries.put(
            ByteBuffer.wrap(mapping.orderEntry(o, row).qualifier()),
            new Entry(item.version(), mapping.orderValue(row)));
      }
    }
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
        Key key = mapping.orderedKey(new Address(result.getRow(), qualifier));
        strays.computeIfAbsent(key, k -> new ArrayList<>()).add(qualifier);
      }
    }
    return strays;
  }

  @Override
  public void close() {
    scanner.close();
  }
}

package io.crossfade.sandbox.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;

/** What is live in an HBase table: items, order entries and counters by their addresses. */
final class StoredTable {
  private static final byte[] STATE = {0};
  private static final byte[] ITEMS = {'i'};
  private static final byte[] ORDERS = {'o'};
  private static final int KIND = 2;
  private static final byte ITEM = 1;

  private final boolean wide;
  private final List<ComparedColumn> stored;

  final Map<Address, String> items = new HashMap<>();
  final Map<Address, String> orders = new HashMap<>();
  final Map<Address, String> counters = new HashMap<>();
  final Map<Address, Long> versions = new HashMap<>();
  private final Map<Long, Set<Address>> itemsOfVersion = new HashMap<>();

  StoredTable(ComparedTable table, ComparedSchema schema) {
    this.wide = table.wide();
    this.stored = schema.stored().stream().map(schema.columns()::get).toList();
  }

  void read(Table table) throws IOException {
    try (ResultScanner rows = table.getScanner(new Scan().setCaching(500))) {
      for (Result row : rows) {
        if (wide) {
          wideRow(row);
        } else {
          tallRow(row);
        }
      }
    }
    if (!wide) {
      dropOrphans();
    }
  }

  private void wideRow(Result row) {
    for (Cell cell : row.rawCells()) {
      char family = (char) CellUtil.cloneFamily(cell)[0];
      byte[] value = CellUtil.cloneValue(cell);
      if (family == 'c') {
        long count = ByteBuffer.wrap(value).getLong();
        if (count != 0) {
          counters.put(Address.at('c', row.getRow(), new byte[0]), String.valueOf(count));
        }
        continue;
      }
      String text = PackedValue.read(value, stored);
      if (text != null) {
        Address address = Address.at(family, row.getRow(), CellUtil.cloneQualifier(cell));
        (family == 'i' ? items : orders).put(address, text);
      }
    }
  }

  private void tallRow(Result row) {
    boolean item = row.getRow()[KIND] == ITEM;
    Cell state = row.getColumnLatestCell(item ? ITEMS : ORDERS, STATE);
    if (state == null || CellUtil.cloneValue(state)[0] != 1) {
      return;
    }
    Address address = Address.at(item ? 'i' : 'o', row.getRow(), new byte[0]);
    versions.put(address, state.getTimestamp());
    if (item) {
      itemsOfVersion.computeIfAbsent(state.getTimestamp(), v -> new HashSet<>()).add(address);
      items.put(address, tallItem(row));
    } else {
      String text = PackedValue.read(CellUtil.cloneValue(state), stored);
      if (text != null) {
        orders.put(address, text);
      }
    }
  }

  private String tallItem(Result row) {
    StringJoiner text = new StringJoiner(", ");
    for (ComparedColumn column : stored) {
      byte[] cell = row.getValue(ITEMS, column.name().getBytes(StandardCharsets.UTF_8));
      text.add(RowText.item(column, cell == null ? null : column.cell(cell)));
    }
    return text.toString();
  }

  /** An order row counts only while a live item has its version. */
  private void dropOrphans() {
    for (Address order : new ArrayList<>(orders.keySet())) {
      if (!itemsOfVersion.containsKey(versions.get(order))) {
        orders.remove(order);
      }
    }
  }

  /** The live items that have an order row's version. */
  Set<Address> itemsOf(Address order) {
    return itemsOfVersion.getOrDefault(versions.getOrDefault(order, -1L), Set.of());
  }
}

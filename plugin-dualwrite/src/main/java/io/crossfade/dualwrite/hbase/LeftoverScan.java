package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMapping.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.jspecify.annotations.Nullable;

/**
 * A scan over a whole table for old soft deletions and, in a tall one, old order rows. What it
 * shows may have newer versions: whoever removes it looks again. One thread; blocks.
 */
public final class LeftoverScan implements AutoCloseable {
  private static final int CELLS_AT_ONCE = 500;
  private static final byte[] NO_KEY = {};

  private final TableMapping mapping;
  private final boolean wide;
  private final ResultScanner scanner;

  /** A soft deletion. */
  public record Deletion(Key key, long version) {}

  /** TALL: an order row, whether or not its item uses it. */
  public record OrderRow(Key key, Address address, long version) {}

  /**
   * What a piece of the table holds.
   *
   * @param cells how many cells were looked at
   */
  public record Piece(int cells, List<Deletion> deletions, List<OrderRow> orderRows) {}

  /**
   * @param deletions soft deletions with versions below this
   * @param orderRows order rows with versions below this
   */
  public LeftoverScan(HBaseLink link, TableMapping mapping, long deletions, long orderRows)
      throws IOException {
    this.mapping = mapping;
    this.wide = mapping.config().layout() == Layout.WIDE;
    Scan scan = new Scan().setCaching(CELLS_AT_ONCE).setCacheBlocks(false);
    if (wide) {
      scan.addFamily(Families.ITEMS).setBatch(CELLS_AT_ONCE);
    } else {
      scan.addColumn(Families.ITEMS, mapping.itemQualifier(new Key(NO_KEY)));
      scan.addFamily(Families.ORDERS);
      scan.setColumnFamilyTimeRange(Families.ORDERS, 0, Math.max(1, orderRows));
    }
    scan.setColumnFamilyTimeRange(Families.ITEMS, 0, Math.max(1, deletions));
    this.scanner = link.table(mapping).getScanner(scan);
  }

  /** The next piece; null at the end. */
  public @Nullable Piece next() throws IOException {
    Result[] results = scanner.next(wide ? 1 : CELLS_AT_ONCE);
    if (results.length == 0) {
      return null;
    }
    List<Deletion> deletions = new ArrayList<>();
    List<OrderRow> orderRows = new ArrayList<>();
    int cells = 0;
    for (Result result : results) {
      byte[] row = result.getRow();
      for (Cell cell : result.rawCells()) {
        cells++;
        byte[] qualifier = CellUtil.cloneQualifier(cell);
        byte[] value = CellUtil.cloneValue(cell);
        if (Arrays.equals(CellUtil.cloneFamily(cell), Families.ORDERS)) {
          Address address = new Address(row, qualifier);
          orderRows.add(new OrderRow(mapping.orderedKey(address), address, cell.getTimestamp()));
        } else if (!mapping.isLive(value)) {
          Key key = mapping.keyOf(row, wide ? qualifier : NO_KEY);
          deletions.add(new Deletion(key, cell.getTimestamp()));
        }
      }
    }
    return new Piece(cells, deletions, orderRows);
  }

  @Override
  public void close() {
    scanner.close();
  }
}

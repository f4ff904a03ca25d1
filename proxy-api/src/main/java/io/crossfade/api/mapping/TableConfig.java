package io.crossfade.api.mapping;

import io.crossfade.api.sql.TableName;
import java.util.List;

/**
 * What {@code conf/crossfade.yaml} says of one watched table.
 *
 * @param name the MySQL table
 * @param hbaseTable the HBase table, {@code namespace:name} or {@code name}
 * @param layout one HBase row per list, or one per item
 * @param listKey the leading primary-key columns that make a list, e.g. {@code [user_id]}
 * @param orders the declared orders within a list
 * @param regions how many regions the HBase table is pre-split into
 */
public record TableConfig(
    TableName name,
    String hbaseTable,
    Layout layout,
    List<String> listKey,
    List<Order> orders,
    int regions) {
  /** How a list is laid out in HBase. */
  public enum Layout {
    /** One HBase row per list, one column per item. */
    WIDE,
    /** One HBase row per item. */
    TALL
  }

  /**
   * A declared order, e.g. "newest": {@code created_at desc}. The rest of the primary key,
   * ascending, is appended where the columns do not make the order total.
   */
  public record Order(String name, List<OrderColumn> by) {}

  /** One column of an order. */
  public record OrderColumn(String column, boolean descending) {}
}

package io.crossfade.sandbox.compare;

import java.util.List;

/**
 * A mirrored table, as its configuration describes it.
 *
 * @param table the MySQL table, in the connection's database
 * @param hbaseTable the HBase table
 * @param wide the layout: wide or else tall
 * @param listKey the leading primary-key columns that make a list
 * @param orders the declared orders, each a list of {@code column} or {@code column desc}
 */
public record ComparedTable(
    String table,
    String hbaseTable,
    boolean wide,
    List<String> listKey,
    List<List<String>> orders) {
  /** The follower table of the demo and of many tests. */
  public static ComparedTable follower(String hbaseTable, String layout) {
    return new ComparedTable(
        "follower",
        hbaseTable,
        layout.equals("wide"),
        List.of("user_id"),
        List.of(List.of("created_at desc")));
  }
}

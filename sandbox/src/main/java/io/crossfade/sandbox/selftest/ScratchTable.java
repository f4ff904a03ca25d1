package io.crossfade.sandbox.selftest;

import io.crossfade.sandbox.compare.ComparedTable;
import java.util.List;

/**
 * A watched table of the self-test; its definition is in {@code tables.sql}.
 *
 * @param name its name, the same in both schemas
 * @param listKey the leading key columns that make a list
 * @param orders the declared orders
 * @param wide whether it is watched in the wide schema
 * @param tall whether it is watched in the tall schema
 */
record ScratchTable(
    String name, List<String> listKey, List<List<String>> orders, boolean wide, boolean tall) {
  static final List<ScratchTable> ALL =
      List.of(
          both("follower", List.of("user_id"), List.of("created_at desc"), List.of("status")),
          wide("account", "tenant", List.of("changed desc"), List.of("total")),
          both("composite", List.of("b", "s"), List.of("v desc", "d")),
          tall("stamp", "moment", List.of("v")),
          wide(
              "typed",
              "owner",
              List.of("c_dec desc"),
              List.of("c_double"),
              List.of("c_time desc", "c_dt")),
          tall("tree", "grp"),
          wide("child", "parent_id", List.of("v desc")),
          tall("gate", "a"),
          both("register", List.of("owner"), List.of("v desc")),
          tall("ticket", "id"));

  @SafeVarargs
  private static ScratchTable both(String name, List<String> listKey, List<String>... orders) {
    return new ScratchTable(name, listKey, List.of(orders), true, true);
  }

  @SafeVarargs
  private static ScratchTable wide(String name, String listKey, List<String>... orders) {
    return new ScratchTable(name, List.of(listKey), List.of(orders), true, false);
  }

  @SafeVarargs
  private static ScratchTable tall(String name, String listKey, List<String>... orders) {
    return new ScratchTable(name, List.of(listKey), List.of(orders), false, true);
  }

  /** As the comparison knows it. */
  ComparedTable compared(String hbaseTable, boolean inWide) {
    return new ComparedTable(name, hbaseTable, inWide, listKey, orders);
  }
}

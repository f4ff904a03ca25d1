package io.crossfade.dualwrite.capture;

import java.util.Map;

/** How to get rid of a range, in the words of an operator's report. */
final class Hints {
  private static final Map<String, String> BY_REASON =
      Map.ofEntries(
          Map.entry(
              "key-not-given",
              "give the whole key; of an AUTO_INCREMENT key MySQL names the value after a plain"
                  + " INSERT of one row (of several rows when auto_increment_increment is known to be"
                  + " 1 and the table has no INSERT trigger, foreign key or partitions)"),
          Map.entry("key-assigned", "assign key columns literals or parameters, no expressions"),
          Map.entry(
              "value",
              "write key values as the column stores them: in range, of its type, without a"
                  + " case-insensitive collation"),
          Map.entry(
              "other-unique-key",
              "use UPDATE or INSERT of whole keys in place of REPLACE and ON DUPLICATE KEY UPDATE, or"
                  + " drop the other unique key"),
          Map.entry("on-duplicate", "do not assign key columns in ON DUPLICATE KEY UPDATE"),
          Map.entry("before-trigger", "drop the BEFORE trigger"),
          Map.entry(
              "reached", "write to the table itself, not through views, triggers or cascades"),
          Map.entry("function", "take the stored function out of the statement"),
          Map.entry("hidden-function", "use syntax that Crossfade understands in this statement"),
          Map.entry("multi-table", "write one table by one statement"),
          Map.entry("insert-shape", "INSERT rows of VALUES in place of INSERT … SELECT"),
          Map.entry("load", "INSERT rows of VALUES in place of LOAD DATA"),
          Map.entry("call", "send the procedure's statements instead of CALL"),
          Map.entry("execute", "use the protocol's prepared statements in place of EXECUTE"),
          Map.entry("schema-unknown", "restart with the table's new definition"),
          Map.entry("truncate", "DELETE whole keys, or accept it"),
          Map.entry("ddl", "change the schema outside of the migration"),
          Map.entry("unreadable", "send statements smaller than limits.inspect, as plain text"));

  private Hints() {}

  /** The hint for a statement that marked ranges. */
  static String of(String reason, NotAsked notAsked) {
    if (notAsked != NotAsked.NONE) {
      return notAsked.hint();
    }
    return BY_REASON.getOrDefault(
        reason, "write it so that Crossfade understands it: standard syntax, no version comments");
  }
}

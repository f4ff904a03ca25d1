package io.crossfade.dualwrite.mysql;

import io.crossfade.api.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Learns by which other names a statement may reach a watched table: views, tables with triggers
 * that name it, cascading parents, routines; and whatever reaches those. Names are compared by text
 * and without case: a superset. A routine whose body cannot be read is taken to reach them all.
 *
 * <p>See "INFORMATION_SCHEMA Tables" (VIEWS, TRIGGERS, ROUTINES, REFERENTIAL_CONSTRAINTS) in the
 * manual. Bodies are visible only with TRIGGER and SHOW_ROUTINE or on one's own objects.
 */
public final class ReachReader {
  private static final List<String> SOURCES =
      List.of(
          "SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA NOT"
              + " IN ('sys','mysql','information_schema','performance_schema')",
          "SELECT EVENT_OBJECT_TABLE, ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE"
              + " TRIGGER_SCHEMA<>'sys'",
          "SELECT REFERENCED_TABLE_NAME, TABLE_NAME FROM"
              + " information_schema.REFERENTIAL_CONSTRAINTS WHERE DELETE_RULE NOT IN ('NO"
              + " ACTION','RESTRICT') OR UPDATE_RULE NOT IN ('NO ACTION','RESTRICT')");

  private ReachReader() {}

  private static final String ROUTINES =
      "SELECT ROUTINE_NAME, ROUTINE_DEFINITION, ROUTINE_TYPE='FUNCTION' FROM"
          + " information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN ('sys','mysql')";

  private record Link(String name, String text) {}

  /**
   * What may reach the watched tables.
   *
   * @param names names in lower case, without schema, and the watched tables each may reach
   * @param throughFunctions the watched tables that some stored function may reach
   */
  public record Reach(Map<String, Set<TableName>> names, Set<TableName> throughFunctions) {}

  /** Reads the catalogue. */
  public static Reach read(Connection connection, Collection<TableName> watched)
      throws SQLException {
    List<Link> links = new ArrayList<>();
    Set<String> functions = new HashSet<>();
    Set<String> unreadable = new HashSet<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(ROUTINES)) {
        while (rows.next()) {
          String name = lower(rows.getString(1));
          String body = rows.getString(2);
          if (body == null) {
            unreadable.add(name);
          } else {
            links.add(new Link(name, lower(body)));
          }
          if (rows.getBoolean(3)) {
            functions.add(name);
          }
        }
      }
      for (String source : SOURCES) {
        try (ResultSet rows = statement.executeQuery(source)) {
          while (rows.next()) {
            String text = rows.getString(2);
            links.add(new Link(lower(rows.getString(1)), text == null ? "" : lower(text)));
          }
        }
      }
    }
    Map<String, Set<TableName>> names = reach(links, unreadable, watched);
    Set<TableName> throughFunctions = new HashSet<>();
    functions.forEach(name -> throughFunctions.addAll(names.getOrDefault(name, Set.of())));
    return new Reach(names, throughFunctions);
  }

  private static Map<String, Set<TableName>> reach(
      List<Link> links, Set<String> unreadable, Collection<TableName> watched) {
    Map<String, Set<TableName>> names = new HashMap<>();
    for (TableName table : watched) {
      Set<String> reached = new HashSet<>(Set.of(lower(table.table())));
      for (String name : unreadable) {
        reached.add(name);
        names.computeIfAbsent(name, n -> new HashSet<>()).add(table);
      }
      boolean grown = true;
      while (grown) {
        grown = false;
        for (Link link : links) {
          if (!reached.contains(link.name) && reached.stream().anyMatch(link.text::contains)) {
            grown = reached.add(link.name);
            names.computeIfAbsent(link.name, n -> new HashSet<>()).add(table);
          }
        }
      }
    }
    return names;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}

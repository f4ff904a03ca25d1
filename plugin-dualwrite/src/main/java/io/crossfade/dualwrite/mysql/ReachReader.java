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
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Learns by which other names a statement may reach a watched table: views, tables with triggers
 * that name it, cascading parents, routines; and whatever reaches those. Names are compared by text
 * and without case: a superset. What has a body that cannot be read is taken to reach them all.
 *
 * <p>See "INFORMATION_SCHEMA Tables" (VIEWS, TRIGGERS, ROUTINES, REFERENTIAL_CONSTRAINTS, EVENTS)
 * in the manual. Rows and bodies are visible only with the privileges that {@link ServerChecks}
 * asks for.
 */
public final class ReachReader {
  /** What something is that reaches a table. */
  public enum Kind {
    VIEW,
    TRIGGER,
    CASCADE,
    FUNCTION,
    PROCEDURE,
    /** Runs by itself: what it changes does not come through the proxy. */
    EVENT
  }

  private static final List<String> SOURCES =
      List.of(
          "SELECT 'VIEW', TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION, TABLE_NAME FROM"
              + " information_schema.VIEWS WHERE TABLE_SCHEMA NOT IN"
              + " ('sys','mysql','information_schema','performance_schema')",
          "SELECT 'TRIGGER', EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, ACTION_STATEMENT, TRIGGER_NAME"
              + " FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA<>'sys'",
          "SELECT ROUTINE_TYPE, ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_DEFINITION, ROUTINE_NAME FROM"
              + " information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN ('sys','mysql')",
          "SELECT 'EVENT', EVENT_SCHEMA, EVENT_NAME, EVENT_DEFINITION, EVENT_NAME FROM"
              + " information_schema.EVENTS",
          "SELECT 'CASCADE', UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME, TABLE_NAME,"
              + " CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE DELETE_RULE"
              + " NOT IN ('NO ACTION','RESTRICT') OR UPDATE_RULE NOT IN ('NO ACTION','RESTRICT')");

  private ReachReader() {}

  /** {@code name} of {@code schema} reaches what {@code text} names; empty: it may be anything. */
  private record Link(Kind kind, String schema, String name, String text, String called) {
    boolean leadsTo(Set<String> reached) {
      return text.isEmpty() || reached.stream().anyMatch(text::contains);
    }

    /** By which a statement may name it: with the schema where the name alone is the table's. */
    String nameBeside(String own) {
      return name.equals(own) ? schema + "." + name : name;
    }

    /**
     * Whether a thing that is called like the watched table reaches it: a view or a table of
     * another schema, a function, or the table itself by a foreign key to itself or by way of
     * others. That a trigger of the table only mentions the table is nothing: MySQL does not let it
     * change it.
     *
     * @param others what else leads to the table
     */
    boolean reachesByOwnName(TableName table, Set<String> others) {
      return !schema.equals(lower(table.schema()))
          || kind == Kind.CASCADE && text.equals(name)
          || kind == Kind.FUNCTION
          || leadsTo(others);
    }
  }

  /**
   * What may reach the watched tables.
   *
   * @param names names in lower case by which a statement may reach watched tables, and the watched
   *     tables each may reach: without schema, but with it where the name is that of the watched
   *     table itself
   * @param throughFunctions the watched tables that some stored function may reach
   * @param byReading those of the names by which a statement that only reads may change watched
   *     tables: functions, and views that call one
   * @param listed by watched table: each thing that may reach it, as {@code trigger other_ai on
   *     other}
   */
  public record Reach(
      Map<String, Set<TableName>> names,
      Set<TableName> throughFunctions,
      Map<String, Set<TableName>> byReading,
      Map<TableName, Set<String>> listed) {}

  /** Reads the catalogue. */
  public static Reach read(Connection connection, Collection<TableName> watched)
      throws SQLException {
    List<Link> links = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (String source : SOURCES) {
        try (ResultSet rows = statement.executeQuery(source)) {
          while (rows.next()) {
            String text = rows.getString(4);
            links.add(
                new Link(
                    Kind.valueOf(rows.getString(1)),
                    lower(rows.getString(2)),
                    lower(rows.getString(3)),
                    text == null ? "" : lower(text),
                    rows.getString(5)));
          }
        }
      }
    }
    return reach(links, watched);
  }

  private static Reach reach(List<Link> links, Collection<TableName> watched) {
    Map<String, Set<TableName>> names = new HashMap<>();
    Map<String, Set<TableName>> byReading = new HashMap<>();
    Set<TableName> throughFunctions = new HashSet<>();
    Map<TableName, Set<String>> listed = new TreeMap<>();
    for (TableName table : watched) {
      String own = lower(table.table());
      Set<Link> reaching = closure(links, Set.of(own));
      Set<String> others = new HashSet<>();
      reaching.forEach(link -> others.add(link.name));
      others.remove(own);
      Set<String> functions = new HashSet<>();
      Set<String> lines = new TreeSet<>();
      for (Link link : reaching) {
        if (link.name.equals(own) && !link.reachesByOwnName(table, others)) {
          continue;
        }
        lines.add(line(link));
        if (link.kind != Kind.EVENT) {
          add(names, link.nameBeside(own), table);
        }
        if (link.kind == Kind.FUNCTION) {
          functions.add(link.name);
          add(byReading, link.nameBeside(own), table);
          throughFunctions.add(table);
        }
      }
      listed.put(table, lines);
      if (!functions.isEmpty()) {
        List<Link> views = links.stream().filter(link -> link.kind == Kind.VIEW).toList();
        closure(views, functions).forEach(view -> add(byReading, view.nameBeside(own), table));
      }
    }
    return new Reach(names, throughFunctions, byReading, listed);
  }

  /** The links that lead, over any number of others, to one of {@code targets}. */
  private static Set<Link> closure(List<Link> links, Set<String> targets) {
    Set<String> reached = new HashSet<>(targets);
    Set<Link> found = new HashSet<>();
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Link link : links) {
        if (!found.contains(link) && link.leadsTo(reached)) {
          found.add(link);
          reached.add(link.name);
          grown = true;
        }
      }
    }
    return found;
  }

  private static void add(Map<String, Set<TableName>> to, String name, TableName table) {
    to.computeIfAbsent(name, n -> new HashSet<>()).add(table);
  }

  private static String line(Link link) {
    String kind = lower(link.kind.name());
    return switch (link.kind) {
      case VIEW, FUNCTION, PROCEDURE, EVENT -> kind + " " + link.called;
      case TRIGGER, CASCADE -> kind + " " + link.called + " on " + link.name;
    };
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}

package io.crossfade.dualwrite.witness;

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
import java.util.Map;
import java.util.Set;

/**
 * Which watched tables a change of another table reaches by foreign keys: InnoDB carries cascades
 * out without a word in the binlog. Immutable.
 *
 * @param byDelete the tables that a DELETE of a row reaches
 * @param byUpdate those that an UPDATE reaches
 */
record Cascades(Map<TableName, Set<TableName>> byDelete, Map<TableName, Set<TableName>> byUpdate) {
  static final Cascades NONE = new Cascades(Map.of(), Map.of());

  private static final Set<String> IDLE = Set.of("RESTRICT", "NO ACTION");

  /** A foreign key that acts. */
  private record Link(TableName parent, TableName child, boolean onDelete, boolean onUpdate) {}

  static Cascades read(Connection connection, Collection<TableName> watched) throws SQLException {
    List<Link> links = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME, CONSTRAINT_SCHEMA,"
                    + " TABLE_NAME, DELETE_RULE, UPDATE_RULE FROM"
                    + " information_schema.REFERENTIAL_CONSTRAINTS")) {
      while (rows.next()) {
        links.add(
            new Link(
                new TableName(rows.getString(1), rows.getString(2)),
                new TableName(rows.getString(3), rows.getString(4)),
                !IDLE.contains(rows.getString(5)),
                !IDLE.contains(rows.getString(6))));
      }
    }
    Map<TableName, Set<TableName>> byDelete = new HashMap<>();
    Map<TableName, Set<TableName>> byUpdate = new HashMap<>();
    for (TableName table : watched) {
      // A row that a cascade deletes or updates may pass on either way.
      Set<TableName> reaching = new HashSet<>(Set.of(table));
      boolean grown = true;
      while (grown) {
        grown = false;
        for (Link link : links) {
          if (reaching.contains(link.child) && (link.onDelete || link.onUpdate)) {
            grown |= reaching.add(link.parent);
          }
        }
      }
      for (Link link : links) {
        if (reaching.contains(link.child) && link.onDelete) {
          byDelete.computeIfAbsent(link.parent, t -> new HashSet<>()).add(table);
        }
        if (reaching.contains(link.child) && link.onUpdate) {
          byUpdate.computeIfAbsent(link.parent, t -> new HashSet<>()).add(table);
        }
      }
    }
    return new Cascades(Map.copyOf(byDelete), Map.copyOf(byUpdate));
  }

  /** The watched tables that such a change of {@code parent} reaches. */
  Set<TableName> reached(TableName parent, boolean deletes) {
    return (deletes ? byDelete : byUpdate).getOrDefault(parent, Set.of());
  }
}

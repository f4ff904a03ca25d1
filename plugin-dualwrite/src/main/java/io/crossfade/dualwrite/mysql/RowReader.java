package io.crossfade.dualwrite.mysql;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableMapping;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads rows of one table, each call one autocommitted statement (a read view of its own).
 * Thread-safe.
 */
public final class RowReader {
  private final TableMapping mapping;
  private final String from;

  public RowReader(TableMapping mapping) {
    this.mapping = mapping;
    this.from = " FROM " + quoted(mapping.table().schema()) + "." + quoted(mapping.table().table());
  }

  /** A MySQL identifier in backticks. */
  public static String quoted(String identifier) {
    return "`" + identifier.replace("`", "``") + "`";
  }

  /**
   * The rows of {@code keys}, by the key MySQL stores: under a collation that may be another than
   * the one asked for. A key that is not in the result has no row of just these bytes.
   */
  public Map<Key, Row> rows(Connection connection, List<Key> keys) throws SQLException {
    if (keys.isEmpty()) {
      return Map.of();
    }
    return select(
        connection,
        "SELECT " + mapping.selectList() + from + " WHERE " + mapping.keyPredicate(keys));
  }

  /** The first {@code limit} rows of {@code range} in key order. */
  public Map<Key, Row> page(Connection connection, KeyRange range, int limit) throws SQLException {
    return select(
        connection,
        "SELECT "
            + mapping.selectList()
            + from
            + where(range)
            + " ORDER BY "
            + mapping.keyColumns()
            + " LIMIT "
            + limit);
  }

  /** The row at {@code offset} in key order, for splitting the table; in a map of at most one. */
  public Map<Key, Row> at(Connection connection, long offset) throws SQLException {
    return select(
        connection,
        "SELECT "
            + mapping.selectList()
            + from
            + " ORDER BY "
            + mapping.keyColumns()
            + " LIMIT 1 OFFSET "
            + offset);
  }

  private String where(KeyRange range) {
    return range.isAll() ? "" : " WHERE " + mapping.rangePredicate(range);
  }

  private Map<Key, Row> select(Connection connection, String sql) throws SQLException {
    int columns = mapping.schema().columns().size();
    Map<Key, Row> found = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        byte[][] values = new byte[columns][];
        for (int i = 0; i < columns; i++) {
          values[i] = rows.getBytes(i + 1);
        }
        Row row = new Row(values);
        found.put(mapping.key(row), row);
      }
    }
    return found;
  }
}

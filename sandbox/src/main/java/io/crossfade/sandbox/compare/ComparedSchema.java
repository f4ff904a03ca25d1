package io.crossfade.sandbox.compare;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table's columns.
 *
 * @param columns all of them, in the table's order
 * @param key positions of the primary key's columns, in the key's order
 */
record ComparedSchema(List<ComparedColumn> columns, List<Integer> key) {
  private static final String COLUMNS =
      "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IFNULL(NUMERIC_SCALE, IFNULL(DATETIME_PRECISION,"
          + " 0)), IFNULL(COLLATION_NAME, '') FROM information_schema.COLUMNS WHERE TABLE_SCHEMA ="
          + " DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION";
  private static final String KEY =
      "SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND"
          + " TABLE_NAME = ? AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX";

  static ComparedSchema read(Connection connection, String table) throws SQLException {
    List<ComparedColumn> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try (PreparedStatement s = connection.prepareStatement(COLUMNS)) {
      s.setString(1, table);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          names.add(r.getString(1));
          columns.add(
              new ComparedColumn(
                  r.getString(1),
                  r.getString(2).toLowerCase(Locale.ROOT),
                  r.getString(3).contains("unsigned"),
                  r.getInt(4),
                  r.getString(5)));
        }
      }
    }
    List<Integer> key = new ArrayList<>();
    try (PreparedStatement s = connection.prepareStatement(KEY)) {
      s.setString(1, table);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          key.add(names.indexOf(r.getString(1)));
        }
      }
    }
    if (key.isEmpty()) {
      throw new SQLException(table + " has no primary key, or does not exist");
    }
    return new ComparedSchema(columns, key);
  }

  ComparedColumn column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  int position(String name) {
    return columns.indexOf(column(name));
  }

  /** Positions of the stored columns: those that the key does not restore. */
  List<Integer> stored() {
    List<Integer> stored = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      ComparedColumn c = columns.get(i);
      if (!key.contains(i) || (c.type().equals("varchar") && c.padded())) {
        stored.add(i);
      }
    }
    return stored;
  }
}

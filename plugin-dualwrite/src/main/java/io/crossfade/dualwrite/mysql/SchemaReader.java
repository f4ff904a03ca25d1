package io.crossfade.dualwrite.mysql;

import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.ColumnType.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what {@code information_schema} says of watched tables. Stateless. */
public final class SchemaReader {
  /** A row when the account has the right without which triggers are not shown. */
  private static final String SEES_TRIGGERS =
      "SELECT 1 FROM (SELECT ? AS w, ? AS n) a WHERE EXISTS (SELECT 1 FROM (SELECT GRANTEE, NULL AS"
          + " s, NULL AS t FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE='TRIGGER'"
          + " UNION ALL SELECT GRANTEE, TABLE_SCHEMA, NULL FROM information_schema.SCHEMA_PRIVILEGES"
          + " WHERE PRIVILEGE_TYPE='TRIGGER' UNION ALL SELECT GRANTEE, TABLE_SCHEMA, TABLE_NAME FROM"
          + " information_schema.TABLE_PRIVILEGES WHERE PRIVILEGE_TYPE='TRIGGER') g WHERE"
          + " g.GRANTEE=CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(),'@',1)),'@',"
          + "QUOTE(SUBSTRING_INDEX(CURRENT_USER(),'@',-1)))"
          + " AND (g.s IS NULL OR g.s=a.w) AND (g.t IS NULL OR g.t=a.n))";

  /** A row when the table has a foreign key or is partitioned. */
  private static final String ONE_BY_ONE =
      "SELECT 1 FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA=? AND t.TABLE_NAME=? AND"
          + " (t.CREATE_OPTIONS LIKE '%partitioned%' OR EXISTS (SELECT 1 FROM"
          + " information_schema.REFERENTIAL_CONSTRAINTS r WHERE"
          + " r.CONSTRAINT_SCHEMA=t.TABLE_SCHEMA AND r.TABLE_NAME=t.TABLE_NAME))";

  private SchemaReader() {}

  /**
   * Reads one table.
   *
   * @param problems gets a line for each thing that keeps the table from being mirrored
   * @return empty when there was a problem
   */
  public static Optional<WatchedTable> read(
      Connection connection, TableName name, List<String> problems) throws SQLException {
    int before = problems.size();
    long estimate = base(connection, name, problems);
    if (problems.size() > before) {
      return Optional.empty();
    }
    List<Column> columns = columns(connection, name, problems);
    List<Integer> primaryKey = new ArrayList<>();
    boolean otherUnique = false;
    for (String[] part :
        rows(
            connection,
            "SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA=?"
                + " AND TABLE_NAME=? AND NON_UNIQUE=0 ORDER BY INDEX_NAME, SEQ_IN_INDEX",
            name)) {
      if ("PRIMARY".equals(part[0])) {
        primaryKey.add(position(columns, text(part[1])));
      } else {
        otherUnique = true;
      }
    }
    if (primaryKey.isEmpty()) {
      problems.add(
          name
              + " has no primary key: Crossfade addresses rows by it; add one (ALTER TABLE … ADD"
              + " PRIMARY KEY) or do not watch the table");
    }
    boolean insertTrigger = false;
    boolean updateTrigger = false;
    boolean anyInsertTrigger = false;
    for (String[] trigger :
        rows(
            connection,
            "SELECT EVENT_MANIPULATION, ACTION_TIMING FROM information_schema.TRIGGERS WHERE"
                + " EVENT_OBJECT_SCHEMA=? AND EVENT_OBJECT_TABLE=?",
            name)) {
      boolean early = "BEFORE".equals(trigger[1]);
      anyInsertTrigger |= "INSERT".equals(trigger[0]);
      insertTrigger |= early && "INSERT".equals(trigger[0]);
      updateTrigger |= early && "UPDATE".equals(trigger[0]);
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    return Optional.of(
        new WatchedTable(
            new TableSchema(name, List.copyOf(columns), List.copyOf(primaryKey)),
            otherUnique,
            insertTrigger,
            updateTrigger,
            generatedKeys(connection, name, anyInsertTrigger),
            estimate));
  }

  private static GeneratedKeys generatedKeys(
      Connection connection, TableName name, boolean insertTrigger) throws SQLException {
    if (rows(connection, SEES_TRIGGERS, name).isEmpty()) {
      return GeneratedKeys.UNCERTAIN;
    }
    return insertTrigger || !rows(connection, ONE_BY_ONE, name).isEmpty()
        ? GeneratedKeys.SINGLE
        : GeneratedKeys.CONSECUTIVE;
  }

  private static long base(Connection connection, TableName name, List<String> problems)
      throws SQLException {
    List<String[]> found =
        rows(
            connection,
            "SELECT TABLE_TYPE, ENGINE, TABLE_ROWS FROM information_schema.TABLES WHERE"
                + " TABLE_SCHEMA=? AND TABLE_NAME=?",
            name);
    if (found.isEmpty()) {
      problems.add(
          name
              + " is unknown to MySQL, or the mirror's account may not SELECT from it: check the name"
              + " (case counts) and GRANT SELECT ON "
              + name
              + " to that account");
      return 0;
    }
    String[] table = found.get(0);
    if (!"BASE TABLE".equals(table[0])) {
      problems.add(name + " is a " + table[0] + ", not a base table: name the table behind it");
    } else if (!"InnoDB".equalsIgnoreCase(table[1])) {
      problems.add(
          name
              + " uses the engine "
              + table[1]
              + ", which has no transactions: ALTER TABLE "
              + name
              + " ENGINE=InnoDB");
    }
    return table[2] == null ? 0 : Long.parseLong(table[2]);
  }

  private static List<Column> columns(Connection connection, TableName name, List<String> problems)
      throws SQLException {
    List<Column> columns = new ArrayList<>();
    for (String[] c :
        rows(
            connection,
            "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_MAXIMUM_LENGTH,"
                + " NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_SET_NAME,"
                + " COLLATION_NAME, IS_NULLABLE, EXTRA FROM information_schema.COLUMNS WHERE"
                + " TABLE_SCHEMA=? AND TABLE_NAME=? ORDER BY ORDINAL_POSITION",
            name)) {
      Optional<Kind> kind = kind(text(c[1]));
      if (kind.isEmpty()) {
        problems.add(name + "." + c[0] + " has the type " + c[1] + ", which cannot be mirrored");
        continue;
      }
      String extra = text(c[10]).toUpperCase(Locale.ROOT);
      columns.add(
          new Column(
              text(c[0]),
              type(kind.get(), c),
              "YES".equals(c[9]),
              extra.contains("AUTO_INCREMENT"),
              extra.contains("VIRTUAL GENERATED") || extra.contains("STORED GENERATED")));
    }
    return columns;
  }

  private static ColumnType type(Kind kind, String[] c) {
    boolean temporal = kind == Kind.TIME || kind == Kind.DATETIME || kind == Kind.TIMESTAMP;
    return new ColumnType(
        kind,
        text(c[2]).toLowerCase(Locale.ROOT).contains("unsigned"),
        kind == Kind.BIT ? number(c[4]) : number(c[3]),
        (int) (temporal ? number(c[6]) : kind == Kind.DECIMAL ? number(c[5]) : 0),
        text(c[7]),
        text(c[8]));
  }

  private static Optional<Kind> kind(String dataType) {
    return switch (dataType.toLowerCase(Locale.ROOT)) {
      case "tinytext", "mediumtext", "longtext" -> Optional.of(Kind.TEXT);
      case "tinyblob", "mediumblob", "longblob" -> Optional.of(Kind.BLOB);
      default -> {
        for (Kind kind : Kind.values()) {
          if (kind.name().equalsIgnoreCase(dataType)) {
            yield Optional.of(kind);
          }
        }
        yield Optional.empty();
      }
    };
  }

  private static int position(List<Column> columns, String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1; // the column's type was refused: there is a problem already
  }

  private static List<String[]> rows(Connection connection, String sql, TableName name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name.schema());
      statement.setString(2, name.table());
      try (ResultSet rows = statement.executeQuery()) {
        List<String[]> all = new ArrayList<>();
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          String[] row = new String[columns];
          for (int i = 0; i < columns; i++) {
            row[i] = rows.getString(i + 1);
          }
          all.add(row);
        }
        return all;
      }
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static long number(@Nullable String value) {
    return value == null ? 0 : Long.parseLong(value);
  }
}

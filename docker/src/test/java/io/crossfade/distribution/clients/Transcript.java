package io.crossfade.distribution.clients;

import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client has seen, line by line. */
final class Transcript {
  private final List<String> lines = new ArrayList<>();

  /** A piece of work against a database. */
  @FunctionalInterface
  interface Step {
    void run() throws SQLException;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  void add(String line) {
    lines.add(line);
  }

  /** Runs a step under a title; an error of the database is part of what was seen. */
  void step(String title, Step step) {
    add("# " + title);
    try {
      step.run();
    } catch (SQLException e) {
      error(e);
    }
  }

  /** An error with code, SQLSTATE and text, and the errors that follow it. */
  void error(SQLException error) {
    for (SQLException e = error; e != null; e = e.getNextException()) {
      add(
          "! %s %d %s %s"
              .formatted(e.getClass().getSimpleName(), e.getErrorCode(), e.getSQLState(), text(e)));
      if (e instanceof BatchUpdateException batch) {
        add("! counts " + Arrays.toString(batch.getUpdateCounts()));
      }
    }
  }

  void warnings(@Nullable SQLWarning first) {
    for (SQLWarning w = first; w != null; w = w.getNextWarning()) {
      add("~ %d %s %s".formatted(w.getErrorCode(), w.getSQLState(), text(w)));
    }
  }

  /** Executes a text and writes down all its results, counts, generated keys and warnings. */
  void execute(Statement statement, String sql) throws SQLException {
    add("> " + sql);
    results(statement, statement.execute(sql, Statement.RETURN_GENERATED_KEYS));
    try (ResultSet keys = statement.getGeneratedKeys()) {
      while (keys.next()) {
        add("key " + keys.getString(1));
      }
    }
    warnings(statement.getWarnings());
  }

  /** All results of an executed statement. */
  void results(Statement statement, boolean firstIsRows) throws SQLException {
    boolean isRows = firstIsRows;
    while (true) {
      if (isRows) {
        try (ResultSet rows = statement.getResultSet()) {
          rows(rows);
        }
      } else {
        long count = statement.getLargeUpdateCount();
        if (count == -1) {
          return;
        }
        add("count " + count);
      }
      isRows = statement.getMoreResults();
    }
  }

  /** Every column's definition, then every row. */
  void described(ResultSet rows) throws SQLException {
    ResultSetMetaData m = rows.getMetaData();
    for (int i = 1; i <= m.getColumnCount(); i++) {
      add(
          String.join(
              " ",
              "column",
              m.getCatalogName(i) + "." + m.getTableName(i) + "." + m.getColumnName(i),
              m.getColumnLabel(i),
              m.getColumnTypeName(i),
              String.valueOf(m.getColumnType(i)),
              m.getColumnClassName(i),
              m.getPrecision(i) + "/" + m.getScale(i) + "/" + m.getColumnDisplaySize(i),
              "null=" + m.isNullable(i),
              "signed=" + m.isSigned(i),
              "auto=" + m.isAutoIncrement(i),
              "case=" + m.isCaseSensitive(i)));
    }
    rows(rows);
  }

  /** As {@link #described}, with the rows sorted: MySQL leaves the order of these rows open. */
  void describedInAnyOrder(ResultSet rows) throws SQLException {
    described(rows);
    int first = lines.size();
    while (first > 0 && lines.get(first - 1).startsWith("| ")) {
      first--;
    }
    Collections.sort(lines.subList(first, lines.size()));
  }

  /** Every row, each value as the object the driver makes of it. */
  void rows(ResultSet rows) throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        values.add(text(rows.getObject(i)));
      }
      add("| " + String.join(" | ", values));
    }
  }

  /** MariaDB's driver puts the connection's id ahead of the server's text. */
  private static String text(SQLException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\(conn=\\d+\\)", "(conn)");
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes
        ? "0x" + HexFormat.of().formatHex(bytes)
        : String.valueOf(value);
  }
}

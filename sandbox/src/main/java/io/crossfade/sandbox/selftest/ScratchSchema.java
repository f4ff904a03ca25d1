package io.crossfade.sandbox.selftest;

import io.crossfade.sandbox.selftest.grammar.Grammar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/**
 * One of the two scratch schemas, all of whose tables have one layout.
 *
 * @param name the MySQL schema; the HBase tables' names begin with it
 * @param wide the layout
 */
record ScratchSchema(String name, boolean wide) {
  /** The tables that are watched here; the others are there and are not. */
  List<ScratchTable> tables() {
    return ScratchTable.ALL.stream().filter(t -> wide ? t.wide() : t.tall()).toList();
  }

  String hbaseTable(ScratchTable table) {
    return name + "_" + table.name();
  }

  /** The table's name in the configuration. */
  String qualified(ScratchTable table) {
    return name + "." + table.name();
  }

  /** Creates the schema and everything in it; it must not exist. */
  void create(Connection connection) throws SQLException, IOException {
    try (Statement s = connection.createStatement()) {
      s.execute("CREATE DATABASE `" + name + "` DEFAULT CHARACTER SET utf8mb4");
      s.execute("USE `" + name + "`");
      for (String statement : definitions()) {
        s.execute(statement);
      }
    }
  }

  void drop(Connection connection) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute("DROP DATABASE IF EXISTS `" + name + "`");
    }
  }

  private static List<String> definitions() throws IOException {
    try (InputStream in = Grammar.class.getResourceAsStream("tables.sql")) {
      if (in == null) {
        throw new IOException("tables.sql is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\n\n"))
          .map(s -> s.replaceAll("(?m)^--.*$", "").strip())
          .filter(s -> !s.isEmpty())
          .toList();
    }
  }
}

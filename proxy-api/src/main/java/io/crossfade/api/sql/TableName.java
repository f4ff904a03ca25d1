package io.crossfade.api.sql;

/**
 * A fully qualified table name as declared in MySQL.
 *
 * @param schema the schema (database)
 * @param table the table
 */
public record TableName(String schema, String table) implements Comparable<TableName> {
  /**
   * Reads {@code schema.table}.
   *
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static TableName parse(String text) {
    int dot = text.indexOf('.');
    if (dot <= 0 || dot == text.length() - 1 || text.indexOf('.', dot + 1) >= 0) {
      throw new IllegalArgumentException("'" + text + "' is not of the form schema.table");
    }
    return new TableName(text.substring(0, dot), text.substring(dot + 1));
  }

  @Override
  public int compareTo(TableName other) {
    int c = schema.compareTo(other.schema);
    return c != 0 ? c : table.compareTo(other.table);
  }

  @Override
  public String toString() {
    return schema + "." + table;
  }
}

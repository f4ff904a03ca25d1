package io.crossfade.api.value;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Comparisons of a key column with a value, as SQL text that is safe whatever the value is. */
public final class SqlLiteral {
  private SqlLiteral() {}

  /** A column name in backquotes. */
  public static String quote(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /**
   * {@code column op value}, using an index of the column wherever the value can be written as a
   * literal of its type; bytes that no value of the type has are compared with the bytes of the
   * column's text.
   *
   * @param column a column that {@link KeyCodecs#forKey} supports
   * @param op {@code =}, {@code <}, {@code <=}, {@code >} or {@code >=}
   * @param value a text form or, from {@link KeyCodec.Bound}, any bytes
   */
  public static String compare(Column column, String op, byte[] value) {
    String name = quote(column.name());
    ColumnType type = column.type();
    if (Integers.isInteger(type)) {
      return name + " " + op + " " + Integers.digits(type, Integers.parse(type, value));
    }
    if (Charsets.isCharacter(type) && Charsets.isWellFormed(type, value)) {
      return name + " " + op + " _" + type.charset() + " " + hex(value);
    }
    if (Charsets.isBinary(type)) {
      return name + " " + op + " " + hex(value);
    }
    if (!Charsets.isCharacter(type) && Temporals.isCalendar(type, value)) {
      String typed = type.kind() == ColumnType.Kind.DATE ? " DATE'" : " TIMESTAMP'";
      return name + " " + op + typed + new String(value, StandardCharsets.US_ASCII) + "'";
    }
    return "CAST(" + name + " AS BINARY) " + op + " " + hex(value);
  }

  private static String hex(byte[] value) {
    return "X'" + HexFormat.of().withUpperCase().formatHex(value) + "'";
  }
}

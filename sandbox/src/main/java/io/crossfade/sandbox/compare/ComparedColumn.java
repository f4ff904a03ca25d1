package io.crossfade.sandbox.compare;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

/**
 * A column, and the text in which both sides' values are compared: digits for integers, hexadecimal
 * digits for whatever is bytes or characters, MySQL's own text for the rest.
 *
 * @param name its name
 * @param type {@code DATA_TYPE} of information_schema
 * @param unsigned whether its {@code COLUMN_TYPE} says so
 * @param scale digits after the point
 * @param collation empty for what has none
 */
record ComparedColumn(String name, String type, boolean unsigned, int scale, String collation) {
  private static final Set<String> INTEGERS =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "year");
  private static final Set<String> TEXTS =
      Set.of("decimal", "float", "double", "date", "time", "datetime", "timestamp");

  boolean integer() {
    return INTEGERS.contains(type);
  }

  /** Whether the compared text is the value's bytes in hexadecimal. */
  boolean hexadecimal() {
    return !integer() && !TEXTS.contains(type);
  }

  /** Whether it compares as if spaces followed for ever. */
  boolean padded() {
    return (type.equals("char") || type.equals("varchar")) && !collation.equals("utf8mb4_0900_bin");
  }

  /** What to select for the compared text. */
  String expression() {
    String quoted = "`" + name + "`";
    if (type.equals("float")) {
      return "CAST(" + quoted + " + 0e0 AS CHAR)";
    }
    if (type.equals("json")) {
      return "HEX(CAST(" + quoted + " AS CHAR CHARACTER SET utf8mb4))";
    }
    if (type.equals("bit")) {
      return "HEX(CAST(" + quoted + " AS BINARY))";
    }
    return hexadecimal() ? "HEX(" + quoted + ")" : "CAST(" + quoted + " AS CHAR)";
  }

  /** The compared text of what {@link #expression} selected. */
  String text(String selected) {
    return type.equals("year") ? String.valueOf(Integer.parseInt(selected)) : selected;
  }

  /** The compared text of a cell ("Values" in hbase-format.md). */
  String cell(byte[] bytes) {
    if (integer()) {
      if (bytes.length != Long.BYTES) {
        throw new IllegalArgumentException(name + ": an integer of " + bytes.length + " bytes");
      }
      long number = ByteBuffer.wrap(bytes).getLong();
      return unsigned ? Long.toUnsignedString(number) : String.valueOf(number);
    }
    return hexadecimal()
        ? HexFormat.of().withUpperCase().formatHex(bytes)
        : new String(bytes, StandardCharsets.US_ASCII);
  }
}

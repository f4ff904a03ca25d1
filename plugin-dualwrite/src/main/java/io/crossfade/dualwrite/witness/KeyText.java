package io.crossfade.dualwrite.witness;

import io.crossfade.api.value.ColumnType;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * A key column's value in a row image -> the text form that a SELECT would give, which is what keys
 * are made of. Formats as in "Date and Time Data Type Representation" of the MySQL internals.
 */
final class KeyText {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final String ZERO = "0000-00-00 00:00:00";
  private static final long DATETIME_BIAS = 0x80_0000_0000L;
  private static final int FIRST_YEAR = 1900;
  private static final int MICRO_DIGITS = 6;

  private KeyText() {}

  /** Whether the binlog's type is how the column's type is stored. */
  static boolean fits(ColumnType column, int type, int meta) {
    return switch (column.kind()) {
      case TINYINT -> type == Cell.TINY;
      case SMALLINT -> type == Cell.SHORT;
      case MEDIUMINT -> type == Cell.INT24;
      case INT -> type == Cell.LONG;
      case BIGINT -> type == Cell.LONGLONG;
      case YEAR -> type == Cell.YEAR;
      case DATE -> type == Cell.DATE;
      case DATETIME -> type == Cell.DATETIME2 && meta == column.scale();
      case TIMESTAMP -> type == Cell.TIMESTAMP2 && meta == column.scale();
      case CHAR, BINARY -> type == Cell.STRING;
      case VARCHAR, VARBINARY -> type == Cell.VARCHAR;
      case FLOAT, DOUBLE, DECIMAL, BIT, TIME, TEXT, BLOB, ENUM, SET, JSON -> false;
    };
  }

  /** Reads the value that comes next, of a type that {@link #fits}. */
  static byte[] read(ColumnType column, int type, int meta, Bytes in) {
    return switch (column.kind()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT ->
          ascii(integer(column, in, Cell.length(type, meta, in)));
      case YEAR -> ascii(year((int) in.little(1)));
      case DATE -> ascii(date((int) in.little(3)));
      case DATETIME -> ascii(datetime(in.big(5) - DATETIME_BIAS) + fraction(meta, in));
      case TIMESTAMP -> ascii(timestamp(in.big(4)) + fraction(meta, in));
      case BINARY -> padded(in.take(Cell.length(type, meta, in)), (int) column.length());
      case CHAR, VARCHAR, VARBINARY -> in.take(Cell.length(type, meta, in));
      case FLOAT, DOUBLE, DECIMAL, BIT, TIME, TEXT, BLOB, ENUM, SET, JSON ->
          throw new IllegalArgumentException("no key column is a " + column.kind());
    };
  }

  private static String integer(ColumnType column, Bytes in, int width) {
    long bits = in.little(width);
    if (column.unsigned()) {
      return Long.toUnsignedString(bits);
    }
    int unused = Long.SIZE - Byte.SIZE * width;
    return Long.toString(bits << unused >> unused);
  }

  private static String year(int stored) {
    return stored == 0 ? "0000" : Integer.toString(FIRST_YEAR + stored);
  }

  private static String date(int v) {
    return String.format(Locale.ROOT, "%04d-%02d-%02d", v >> 9, v >> 5 & 15, v & 31);
  }

  private static String datetime(long v) {
    int ymd = (int) (v >> 17);
    int hms = (int) (v & 0x1FFFF);
    int months = ymd >> 5;
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d %02d:%02d:%02d",
        months / 13,
        months % 13,
        ymd & 31,
        hms >> 12,
        hms >> 6 & 63,
        hms & 63);
  }

  private static String timestamp(long seconds) {
    return seconds == 0
        ? ZERO
        : SECONDS.format(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC));
  }

  private static String fraction(int digits, Bytes in) {
    if (digits == 0) {
      return "";
    }
    int bytes = Cell.fractionBytes(digits);
    long micros = in.big(bytes) * (bytes == 1 ? 10_000 : bytes == 2 ? 100 : 1);
    return "." + String.format(Locale.ROOT, "%0" + MICRO_DIGITS + "d", micros).substring(0, digits);
  }

  /** The binlog leaves out the zeros at the end of a BINARY. */
  private static byte[] padded(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, Math.max(length, bytes.length));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

package io.crossfade.sandbox.compare;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Key and order columns from their compared text ("Keys" and "Order entries" in the format). */
final class KeyBytes {
  private static final int SPACE = 0x20;

  private KeyBytes() {}

  /** A column of the primary key. */
  static byte[] key(ComparedColumn column, String text) {
    if (column.integer()) {
      return integer(column, text);
    }
    if (!column.hexadecimal()) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    byte[] stored = HexFormat.of().parseHex(text);
    return column.padded() ? padded(stored) : escaped(stored);
  }

  /** A column of a declared order. */
  static byte[] order(ComparedColumn column, @Nullable String text, boolean descending) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(text == null ? 0 : 1);
    if (text != null) {
      out.writeBytes(
          switch (column.type()) {
            case "decimal" -> decimal(text);
            case "float", "double" -> floating(Double.parseDouble(text));
            case "time" -> number(microseconds(text) ^ Long.MIN_VALUE, Long.BYTES);
            default -> key(column, text);
          });
    }
    byte[] bytes = out.toByteArray();
    if (descending) {
      complement(bytes);
    }
    return bytes;
  }

  private static void complement(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
  }

  private static byte[] integer(ComparedColumn column, String text) {
    int width =
        switch (column.type()) {
          case "tinyint" -> 1;
          case "smallint", "year" -> 2;
          case "mediumint" -> 3;
          case "int" -> 4;
          default -> Long.BYTES;
        };
    long value = new BigInteger(text).longValue();
    boolean signed = !column.unsigned() && !column.type().equals("year");
    return number(signed ? value ^ (1L << (8 * width - 1)) : value, width);
  }

  private static byte[] number(long value, int width) {
    byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    return Arrays.copyOfRange(all, Long.BYTES - width, Long.BYTES);
  }

  private static byte[] escaped(byte[] stored) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte b : stored) {
      out.write(b);
      if (b == 0) {
        out.write(0xFF);
      }
    }
    out.write(0);
    out.write(0);
    return out.toByteArray();
  }

  private static byte[] padded(byte[] stored) {
    int end = stored.length;
    while (end > 0 && stored[end - 1] == SPACE) {
      end--;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < end) {
      if (stored[at] != SPACE) {
        out.write(stored[at++]);
        continue;
      }
      int run = 0;
      while (stored[at] == SPACE) {
        run++;
        at++;
      }
      boolean below = (stored[at] & 0xFF) < SPACE;
      out.write(SPACE);
      out.write(below ? 0 : 2);
      out.writeBytes(number(below ? run : ~run, 2));
    }
    out.write(SPACE);
    out.write(1);
    return out.toByteArray();
  }

  private static byte[] decimal(String text) {
    boolean negative = text.startsWith("-") && new BigDecimal(text).signum() != 0;
    String[] parts = (text.startsWith("-") ? text.substring(1) : text).split("\\.", 2);
    String whole = parts[0].replaceFirst("^0+", "");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x80 + whole.length());
    String digits = whole + (parts.length > 1 ? parts[1] : "");
    out.writeBytes(digits.getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = out.toByteArray();
    if (negative) {
      complement(bytes);
    }
    return bytes;
  }

  private static byte[] floating(double value) {
    long bits = Double.doubleToLongBits(value == 0 ? 0.0 : value);
    return number(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE, Long.BYTES);
  }

  private static long microseconds(String text) {
    boolean negative = text.startsWith("-");
    String[] parts = (negative ? text.substring(1) : text).split(":", 3);
    BigDecimal seconds =
        new BigDecimal(parts[2])
            .add(BigDecimal.valueOf(Long.parseLong(parts[0]) * 3600L))
            .add(BigDecimal.valueOf(Long.parseLong(parts[1]) * 60L));
    long micros = seconds.movePointRight(6).longValueExact();
    return negative ? -micros : micros;
  }
}

package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * A value in the binary protocol: rows of a prepared statement. Follows "Binary Protocol Value" of
 * the MySQL source documentation; zero parts of temporal values are left out as MySQL does.
 */
public final class BinaryValue {
  private BinaryValue() {}

  /**
   * Appends the binary form of a non-NULL value.
   *
   * @param mysqlType the type byte of the column definition
   * @param text the text form; of a FLOAT either the exact or the displayed one; of a TIMESTAMP in
   *     the session's time zone
   * @throws IllegalArgumentException when the text is not one of that type
   */
  public static void write(int mysqlType, byte[] text, ByteArrayOutputStream out) {
    switch (mysqlType) {
      case MysqlType.TINY -> little(integer(text), 1, out);
      case MysqlType.SHORT, MysqlType.YEAR -> little(integer(text), 2, out);
      case MysqlType.LONG, MysqlType.INT24 -> little(integer(text), 4, out);
      case MysqlType.LONGLONG -> little(integer(text), 8, out);
      case MysqlType.FLOAT -> little(Float.floatToRawIntBits((float) number(text)), 4, out);
      case MysqlType.DOUBLE -> little(Double.doubleToRawLongBits(number(text)), 8, out);
      case MysqlType.DATE, MysqlType.DATETIME, MysqlType.TIMESTAMP -> dateTime(text, out);
      case MysqlType.TIME -> time(TimeText.parse(text), out);
      default -> {
        lengthEncoded(text.length, out);
        out.writeBytes(text);
      }
    }
  }

  private static long integer(byte[] text) {
    return new BigInteger(new String(text, StandardCharsets.US_ASCII)).longValue();
  }

  private static double number(byte[] text) {
    return Double.parseDouble(new String(text, StandardCharsets.US_ASCII));
  }

  private static void dateTime(byte[] text, ByteArrayOutputStream out) {
    ColumnType type =
        text.length <= 10
            ? ColumnType.of(ColumnType.Kind.DATE)
            : new ColumnType(
                ColumnType.Kind.DATETIME, false, 0, Math.max(0, text.length - 20), "", "");
    if (!Temporals.isPossible(type, text)) {
      throw new IllegalArgumentException("not the text of a DATE or DATETIME");
    }
    int year = Temporals.number(text, 0, 4);
    int month = Temporals.number(text, 5, 2);
    int day = Temporals.number(text, 8, 2);
    boolean timed = text.length > 10;
    int hour = timed ? Temporals.number(text, 11, 2) : 0;
    int minute = timed ? Temporals.number(text, 14, 2) : 0;
    int second = timed ? Temporals.number(text, 17, 2) : 0;
    int micros = micros(text, type.scale());
    int length =
        micros != 0 ? 11 : (hour | minute | second) != 0 ? 7 : (year | month | day) != 0 ? 4 : 0;
    out.write(length);
    if (length >= 4) {
      little(year, 2, out);
      out.write(month);
      out.write(day);
    }
    if (length >= 7) {
      out.write(hour);
      out.write(minute);
      out.write(second);
    }
    if (length == 11) {
      little(micros, 4, out);
    }
  }

  private static int micros(byte[] text, int scale) {
    int micros = scale == 0 ? 0 : Temporals.number(text, 20, scale);
    for (int i = scale; i < 6; i++) {
      micros *= 10;
    }
    return micros;
  }

  private static void time(TimeText time, ByteArrayOutputStream out) {
    int length = time.micros() != 0 ? 12 : time.total() != 0 ? 8 : 0;
    out.write(length);
    if (length == 0) {
      return;
    }
    out.write(time.negative() ? 1 : 0);
    little(time.hours() / 24, 4, out);
    out.write(time.hours() % 24);
    out.write(time.minutes());
    out.write(time.seconds());
    if (length == 12) {
      little(time.micros(), 4, out);
    }
  }

  private static void little(long value, int bytes, ByteArrayOutputStream out) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  private static void lengthEncoded(int length, ByteArrayOutputStream out) {
    if (length < 0xFB) {
      out.write(length);
    } else if (length < 1 << 16) {
      out.write(0xFC);
      little(length, 2, out);
    } else if (length < 1 << 24) {
      out.write(0xFD);
      little(length, 3, out);
    } else {
      out.write(0xFE);
      little(length, 8, out);
    }
  }
}

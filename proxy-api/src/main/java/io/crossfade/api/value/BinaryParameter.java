package io.crossfade.api.value;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * A parameter of COM_STMT_EXECUTE. Follows "Binary Protocol Value" of the MySQL source
 * documentation and the server's own reading of it ({@code Prepared_statement::insert_parameters}).
 */
public final class BinaryParameter {
  private BinaryParameter() {}

  /**
   * Reads the value at the buffer's position and moves behind it. A NULL parameter (null bitmap) or
   * one sent as long data has no value there and must not be asked for.
   *
   * @param mysqlType the parameter's type byte
   * @param unsigned the flag beside it
   * @param in any byte order; left at the first byte after the value
   * @return UNKNOWN for a type whose meaning is not known (its length still is)
   * @throws BufferUnderflowException when the value is cut
   * @throws IllegalArgumentException when its length is not one the type has
   */
  public static SqlValue read(int mysqlType, boolean unsigned, ByteBuffer in) {
    ByteOrder order = in.order();
    in.order(ByteOrder.LITTLE_ENDIAN);
    try {
      return readLittleEndian(mysqlType, unsigned, in);
    } finally {
      in.order(order);
    }
  }

  private static SqlValue readLittleEndian(int mysqlType, boolean unsigned, ByteBuffer in) {
    return switch (mysqlType) {
      case MysqlType.NULL -> SqlValue.NULL;
      case MysqlType.TINY -> integer(unsigned ? in.get() & 0xFF : in.get());
      case MysqlType.SHORT, MysqlType.YEAR ->
          integer(unsigned ? in.getShort() & 0xFFFF : in.getShort());
      case MysqlType.LONG, MysqlType.INT24 ->
          integer(unsigned ? in.getInt() & 0xFFFF_FFFFL : in.getInt());
      case MysqlType.LONGLONG -> {
        long v = in.getLong();
        yield unsigned ? text(SqlValue.Form.INTEGER, Long.toUnsignedString(v)) : integer(v);
      }
      case MysqlType.FLOAT -> text(SqlValue.Form.APPROXIMATE, Float.toString(in.getFloat()));
      case MysqlType.DOUBLE -> text(SqlValue.Form.APPROXIMATE, Double.toString(in.getDouble()));
      case MysqlType.DATE -> dateTime(in, false);
      case MysqlType.DATETIME, MysqlType.TIMESTAMP -> dateTime(in, true);
      case MysqlType.TIME -> time(in);
      case MysqlType.DECIMAL, MysqlType.NEWDECIMAL ->
          new SqlValue(SqlValue.Form.DECIMAL, lengthEncoded(in));
      case MysqlType.VARCHAR, MysqlType.VAR_STRING, MysqlType.STRING ->
          new SqlValue(SqlValue.Form.STRING, lengthEncoded(in));
      case MysqlType.TINY_BLOB, MysqlType.MEDIUM_BLOB, MysqlType.LONG_BLOB, MysqlType.BLOB ->
          new SqlValue(SqlValue.Form.BINARY, lengthEncoded(in));
      default -> {
        lengthEncoded(in);
        yield SqlValue.UNKNOWN;
      }
    };
  }

  private static SqlValue integer(long value) {
    return text(SqlValue.Form.INTEGER, Long.toString(value));
  }

  private static SqlValue text(SqlValue.Form form, String text) {
    return SqlValue.of(form, text);
  }

  private static SqlValue dateTime(ByteBuffer in, boolean timed) {
    int length = length(in, 0, 4, 7, 11);
    int year = length >= 4 ? in.getShort() & 0xFFFF : 0;
    int month = length >= 4 ? in.get() & 0xFF : 0;
    int day = length >= 4 ? in.get() & 0xFF : 0;
    String date = String.format(Locale.ROOT, "%04d-%02d-%02d", year, month, day);
    String clock = length >= 7 ? " " + clock(in.get(), in) : " 00:00:00";
    String fraction = length == 11 ? fraction(in) : "";
    boolean withTime = timed || length >= 7;
    return text(SqlValue.Form.DATETIME, withTime ? date + clock + fraction : date);
  }

  private static SqlValue time(ByteBuffer in) {
    int length = length(in, 0, 8, 12);
    if (length == 0) {
      return text(SqlValue.Form.TIME, "00:00:00");
    }
    String sign = in.get() != 0 ? "-" : "";
    long days = in.getInt() & 0xFFFF_FFFFL;
    String clock = clock(days * 24 + (in.get() & 0xFF), in);
    return text(SqlValue.Form.TIME, sign + clock + (length == 12 ? fraction(in) : ""));
  }

  private static String clock(long hours, ByteBuffer in) {
    int minutes = in.get() & 0xFF;
    int seconds = in.get() & 0xFF;
    return String.format(Locale.ROOT, "%02d:%02d:%02d", hours, minutes, seconds);
  }

  private static String fraction(ByteBuffer in) {
    return String.format(Locale.ROOT, ".%06d", in.getInt() & 0xFFFF_FFFFL);
  }

  private static int length(ByteBuffer in, int... allowed) {
    int length = in.get() & 0xFF;
    for (int a : allowed) {
      if (a == length) {
        return length;
      }
    }
    throw new IllegalArgumentException("a temporal parameter of " + length + " bytes");
  }

  private static byte[] lengthEncoded(ByteBuffer in) {
    int first = in.get() & 0xFF;
    long length =
        switch (first) {
          case 0xFC -> in.getShort() & 0xFFFFL;
          case 0xFD -> (in.getShort() & 0xFFFFL) | (in.get() & 0xFFL) << 16;
          case 0xFE -> in.getLong();
          case 0xFB, 0xFF -> throw new IllegalArgumentException("not a length: " + first);
          default -> first;
        };
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }
}

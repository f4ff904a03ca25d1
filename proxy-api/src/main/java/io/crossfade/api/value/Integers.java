package io.crossfade.api.value;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The integer types (and YEAR): their ranges, widths and text. A value travels as a {@code long};
 * BIGINT UNSIGNED as its 64 bits.
 */
final class Integers {
  private Integers() {}

  static boolean isInteger(ColumnType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR -> true;
      default -> false;
    };
  }

  /** Bytes the type takes in a key. */
  static int width(ColumnType type) {
    return switch (type.kind()) {
      case TINYINT -> 1;
      case SMALLINT, YEAR -> 2;
      case MEDIUMINT -> 3;
      case INT -> 4;
      case BIGINT -> 8;
      default -> throw new IllegalArgumentException(type.kind() + " is not an integer type");
    };
  }

  static boolean isUnsigned(ColumnType type) {
    return type.unsigned() || type.kind() == ColumnType.Kind.YEAR;
  }

  /** Whether a column of this type can hold {@code value}. */
  static boolean inRange(ColumnType type, BigInteger value) {
    if (type.kind() == ColumnType.Kind.YEAR) {
      return value.bitLength() < 16 && isYear(value.intValue());
    }
    int bits = 8 * width(type);
    return isUnsigned(type)
        ? value.signum() >= 0 && value.bitLength() <= bits
        : value.bitLength() < bits;
  }

  static boolean isYear(int year) {
    return year == 0 || (year >= 1901 && year <= 2155);
  }

  /**
   * Reads a text form.
   *
   * @throws IllegalArgumentException when it is not an integer in the type's range
   */
  static long parse(ColumnType type, byte[] text) {
    BigInteger value = new BigInteger(new String(text, StandardCharsets.US_ASCII));
    if (!inRange(type, value)) {
      throw new IllegalArgumentException("a value outside the range of " + type.kind());
    }
    return value.longValue();
  }

  /** The text form: digits, padded to {@code type.length()} where the column is ZEROFILL. */
  static byte[] format(ColumnType type, long value) {
    String digits = digits(type, value);
    int zeros = (type.kind() == ColumnType.Kind.YEAR ? 4 : (int) type.length()) - digits.length();
    return (zeros > 0 ? "0".repeat(zeros) + digits : digits).getBytes(StandardCharsets.US_ASCII);
  }

  /** The digits without padding. */
  static String digits(ColumnType type, long value) {
    return isUnsigned(type) ? Long.toUnsignedString(value) : Long.toString(value);
  }

  /** Eight bytes, big-endian, two's complement. */
  static byte[] toCell(ColumnType type, byte[] text) {
    long value = parse(type, text);
    if (!Arrays.equals(format(type, value), text)) {
      throw new IllegalArgumentException(
          "an integer text that " + type.kind() + " would not restore (ZEROFILL width unknown?)");
    }
    return java.nio.ByteBuffer.allocate(8).putLong(value).array();
  }

  static byte[] fromCell(ColumnType type, byte[] cell) {
    if (cell.length != 8) {
      throw new IllegalArgumentException("an integer cell of " + cell.length + " bytes");
    }
    return format(type, java.nio.ByteBuffer.wrap(cell).getLong());
  }
}

package io.crossfade.api.value;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Which literals and parameters have a stored text form that is beyond doubt. */
final class CanonicalText {
  /** MySQL may compare a string with an integer column as doubles: exact up to 15 digits. */
  private static final int EXACT_STRING_DIGITS = 15;

  private CanonicalText() {}

  static Optional<byte[]> of(ColumnType type, SqlValue value) {
    byte[] bytes = value.bytes();
    if (bytes == null) {
      return Optional.empty();
    }
    return switch (type.kind()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR -> integer(type, value.form(), bytes);
      case DATE, DATETIME -> temporal(type, value.form(), bytes);
      case BINARY, VARBINARY, BLOB -> binary(type, value.form(), bytes);
      case CHAR, VARCHAR, TEXT -> character(type, value.form(), bytes);
      case TIMESTAMP, TIME, FLOAT, DOUBLE, DECIMAL, BIT, ENUM, SET, JSON -> Optional.empty();
    };
  }

  /** As {@link #of}, for a key: where trailing spaces do not count they are cut off. */
  static Optional<byte[]> ofKey(ColumnType type, SqlValue value) {
    byte[] bytes = value.bytes();
    if (bytes == null || !Charsets.isCharacter(type) || !Charsets.isPadded(type)) {
      return of(type, value);
    }
    return isCertainString(type, value.form(), bytes)
        ? Optional.of(Arrays.copyOf(bytes, Charsets.lengthWithoutTrailingSpaces(bytes)))
        : Optional.empty();
  }

  private static Optional<byte[]> integer(ColumnType type, SqlValue.Form form, byte[] bytes) {
    boolean certain =
        switch (form) {
          case INTEGER -> isDigits(bytes, bytes.length > 1 && isSign(bytes[0]) ? 1 : 0);
          case STRING -> bytes.length <= EXACT_STRING_DIGITS && isDigits(bytes, 0);
          default -> false;
        };
    if (!certain) {
      return Optional.empty();
    }
    BigInteger number = new BigInteger(new String(bytes, StandardCharsets.US_ASCII));
    boolean year = type.kind() == ColumnType.Kind.YEAR;
    if (!Integers.inRange(type, number) || (year && (number.signum() == 0 || bytes.length != 4))) {
      return Optional.empty();
    }
    return Optional.of(Integers.format(type, number.longValue()));
  }

  private static boolean isSign(byte b) {
    return b == '-' || b == '+';
  }

  private static boolean isDigits(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return bytes.length > from;
  }

  private static Optional<byte[]> temporal(ColumnType type, SqlValue.Form form, byte[] bytes) {
    if (form != SqlValue.Form.STRING && form != SqlValue.Form.DATETIME) {
      return Optional.empty();
    }
    byte[] text = toScale(type, bytes);
    return Temporals.isCalendar(type, text) ? Optional.of(text) : Optional.empty();
  }

  /** Pads the fraction with zeros, or cuts zeros off, to the column's scale; else unchanged. */
  private static byte[] toScale(ColumnType type, byte[] bytes) {
    int width = Temporals.width(type);
    if (type.kind() == ColumnType.Kind.DATE || bytes.length < 19 || bytes.length == width) {
      return bytes;
    }
    if (bytes.length == 20 || (bytes.length > 20 && bytes[19] != '.')) {
      return bytes;
    }
    byte[] text = Arrays.copyOf(bytes, width);
    for (int i = bytes.length; i < width; i++) {
      text[i] = (byte) (i == 19 ? '.' : '0');
    }
    for (int i = Math.max(width, 20); i < bytes.length; i++) {
      if (bytes[i] != '0') {
        return bytes;
      }
    }
    return text;
  }

  private static Optional<byte[]> binary(ColumnType type, SqlValue.Form form, byte[] bytes) {
    boolean known =
        form == SqlValue.Form.BINARY || (form == SqlValue.Form.STRING && Charsets.isAscii(bytes));
    boolean fits =
        type.kind() == ColumnType.Kind.BINARY
            ? bytes.length == type.length()
            : bytes.length <= type.length();
    return known && fits ? Optional.of(bytes) : Optional.empty();
  }

  private static Optional<byte[]> character(ColumnType type, SqlValue.Form form, byte[] bytes) {
    boolean trailing = Charsets.lengthWithoutTrailingSpaces(bytes) != bytes.length;
    boolean spacesDoubtful =
        type.kind() == ColumnType.Kind.CHAR ? trailing : Charsets.isPadded(type);
    return !spacesDoubtful && isCertainString(type, form, bytes)
        ? Optional.of(bytes)
        : Optional.empty();
  }

  /** ASCII is the same in every character set a client may speak; nothing else is certain. */
  private static boolean isCertainString(ColumnType type, SqlValue.Form form, byte[] bytes) {
    return form == SqlValue.Form.STRING
        && Charsets.isByteOrdered(type)
        && Charsets.isAscii(bytes)
        && bytes.length <= type.length();
  }
}

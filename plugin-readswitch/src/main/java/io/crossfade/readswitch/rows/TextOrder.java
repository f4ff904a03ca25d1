package io.crossfade.readswitch.rows;

import io.crossfade.api.value.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** MySQL's order of two text forms (not NULL) of one column, for the types where it is certain. */
public final class TextOrder {
  private static final int LONG_DIGITS = 18;
  private static final Set<String> CHARSETS =
      Set.of("utf8mb4", "utf8mb3", "utf8", "ascii", "latin1");
  // The one *_bin collation that does not ignore trailing spaces: manual, "Character Sets, pad
  // attribute".
  private static final String NO_PAD = "utf8mb4_0900_bin";

  private TextOrder() {}

  /** The order that comparisons ({@code =}, {@code <}, …) with a column of {@code type} follow. */
  public static Optional<Comparator<byte[]>> of(ColumnType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR -> Optional.of(TextOrder::integers);
      case DECIMAL -> Optional.of(TextOrder::decimals);
      case DATE, DATETIME, TIMESTAMP, BINARY, VARBINARY, BLOB ->
          Optional.of(Arrays::compareUnsigned);
      case CHAR, VARCHAR, TEXT -> characters(type);
      case FLOAT, DOUBLE, BIT, TIME, ENUM, SET, JSON -> Optional.empty();
    };
  }

  /**
   * The order that ORDER BY follows. Strings are left out: how much of them is compared depends on
   * {@code max_sort_length}.
   */
  public static Optional<Comparator<byte[]>> sorting(ColumnType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR, DECIMAL, DATE, DATETIME, TIMESTAMP ->
          of(type);
      case FLOAT,
          DOUBLE,
          BIT,
          TIME,
          CHAR,
          VARCHAR,
          TEXT,
          BINARY,
          VARBINARY,
          BLOB,
          ENUM,
          SET,
          JSON ->
          Optional.empty();
    };
  }

  private static Optional<Comparator<byte[]>> characters(ColumnType type) {
    if (!type.collation().endsWith("_bin") || !CHARSETS.contains(type.charset())) {
      return Optional.empty();
    }
    return Optional.of(
        type.collation().equals(NO_PAD) ? Arrays::compareUnsigned : TextOrder::padded);
  }

  private static int integers(byte[] a, byte[] b) {
    if (a.length <= LONG_DIGITS && b.length <= LONG_DIGITS) {
      return Long.compare(Long.parseLong(ascii(a)), Long.parseLong(ascii(b)));
    }
    return new BigInteger(ascii(a)).compareTo(new BigInteger(ascii(b)));
  }

  private static int decimals(byte[] a, byte[] b) {
    return new BigDecimal(ascii(a)).compareTo(new BigDecimal(ascii(b)));
  }

  /** PAD SPACE: the shorter one counts as continued by spaces. */
  private static int padded(byte[] a, byte[] b) {
    int length = Math.max(a.length, b.length);
    for (int i = 0; i < length; i++) {
      int x = i < a.length ? a[i] & 0xFF : ' ';
      int y = i < b.length ? b[i] & 0xFF : ' ';
      if (x != y) {
        return Integer.compare(x, y);
      }
    }
    return 0;
  }

  private static String ascii(byte[] text) {
    return new String(text, StandardCharsets.US_ASCII);
  }
}

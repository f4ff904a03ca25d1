package io.crossfade.api.sql;

/**
 * Where a token that begins with a digit (or a point and a digit) ends, and what it is.
 *
 * @param kind what the token is
 * @param end the place after it
 */
record NumberScan(Kind kind, int end) {
  /** What begins with a digit. */
  enum Kind {
    INTEGER,
    DECIMAL,
    APPROXIMATE,
    HEX,
    BITS,
    /** {@code 1a} is a name for MySQL. */
    IDENTIFIER,
    /** {@code 1.e}: MySQL refuses it. */
    BROKEN
  }

  static NumberScan scan(byte[] sql, int start) {
    if (sql[start] == '0' && (Ascii.is(sql, start + 1, 'x') || Ascii.is(sql, start + 1, 'b'))) {
      return based(sql, start, sql[start + 1] == 'x');
    }
    int i = digits(sql, start);
    if (sql[start] != '.' && !Ascii.is(sql, i, '.')) {
      return whole(sql, i);
    }
    i = digits(sql, i + 1);
    if (!Ascii.is(sql, i, 'e') && !Ascii.is(sql, i, 'E')) {
      return new NumberScan(Kind.DECIMAL, i);
    }
    int exponent = exponent(sql, i);
    return exponent < 0
        ? new NumberScan(Kind.BROKEN, i)
        : new NumberScan(Kind.APPROXIMATE, exponent);
  }

  private static NumberScan whole(byte[] sql, int end) {
    if (end >= sql.length || !Ascii.isIdentifier(sql[end])) {
      return new NumberScan(Kind.INTEGER, end);
    }
    int exponent = sql[end] == 'e' || sql[end] == 'E' ? exponent(sql, end) : -1;
    return exponent < 0
        ? new NumberScan(Kind.IDENTIFIER, end)
        : new NumberScan(Kind.APPROXIMATE, exponent);
  }

  private static NumberScan based(byte[] sql, int start, boolean hex) {
    int i = start + 2;
    while (i < sql.length && (hex ? Ascii.isHex(sql[i]) : sql[i] == '0' || sql[i] == '1')) {
      i++;
    }
    boolean name = i == start + 2 || (i < sql.length && Ascii.isIdentifier(sql[i]));
    return new NumberScan(name ? Kind.IDENTIFIER : hex ? Kind.HEX : Kind.BITS, i);
  }

  /** The place after an exponent that starts at {@code at}, or -1. */
  private static int exponent(byte[] sql, int at) {
    int i = at + 1;
    if (Ascii.is(sql, i, '+') || Ascii.is(sql, i, '-')) {
      i++;
    }
    return i < sql.length && Ascii.isDigit(sql[i]) ? digits(sql, i) : -1;
  }

  private static int digits(byte[] sql, int at) {
    int i = at;
    while (i < sql.length && Ascii.isDigit(sql[i])) {
      i++;
    }
    return i;
  }
}

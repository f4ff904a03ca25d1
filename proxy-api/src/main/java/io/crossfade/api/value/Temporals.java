package io.crossfade.api.value;

import java.time.YearMonth;

/** The fixed-width texts of DATE, DATETIME and TIMESTAMP: {@code YYYY-MM-DD[ hh:mm:ss[.f…]]}. */
final class Temporals {
  private static final String SHAPE = "0000-00-00 00:00:00.000000";

  private Temporals() {}

  /** Bytes of the text form of a DATE, DATETIME or TIMESTAMP column. */
  static int width(ColumnType type) {
    if (type.kind() == ColumnType.Kind.DATE) {
      return 10;
    }
    return type.scale() == 0 ? 19 : 20 + type.scale();
  }

  /** Whether the text has the column's shape and every field is within its own limits. */
  static boolean isPossible(ColumnType type, byte[] text) {
    if (text.length != width(type) || !hasShape(text)) {
      return false;
    }
    return number(text, 5, 2) <= 12
        && number(text, 8, 2) <= 31
        && (text.length == 10
            || (number(text, 11, 2) <= 23
                && number(text, 14, 2) <= 59
                && number(text, 17, 2) <= 59));
  }

  /** Whether it is also a day of the calendar, so that any SQL mode takes it as a literal. */
  static boolean isCalendar(ColumnType type, byte[] text) {
    if (!isPossible(type, text)) {
      return false;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 2);
    int day = number(text, 8, 2);
    return year > 0 && month > 0 && day > 0 && day <= YearMonth.of(year, month).lengthOfMonth();
  }

  private static boolean hasShape(byte[] text) {
    for (int i = 0; i < text.length; i++) {
      char expected = SHAPE.charAt(i);
      boolean fits = expected == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == expected;
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  static int number(byte[] text, int offset, int digits) {
    int n = 0;
    for (int i = offset; i < offset + digits; i++) {
      n = 10 * n + text[i] - '0';
    }
    return n;
  }
}

package io.crossfade.api.sql;

/** Byte classes of MySQL's lexer and its comments, for any ASCII-compatible character set. */
final class Ascii {
  private Ascii() {}

  static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  static boolean isHex(byte b) {
    return isDigit(b) || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
  }

  /** Whether {@code b} may be part of an unquoted identifier. */
  static boolean isIdentifier(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || isDigit(b)
        || b == '_'
        || b == '$'
        || b < 0;
  }

  /**
   * Whether {@code sql} from {@code at} begins with a comment whose content MySQL (or MariaDB)
   * executes.
   */
  static boolean isVersionComment(byte[] sql, int at) {
    return is(sql, at, '/')
        && is(sql, at + 1, '*')
        && (is(sql, at + 2, '!') || (is(sql, at + 2, 'M') && is(sql, at + 3, '!')));
  }

  /**
   * Skips one comment ({@code /* *}{@code /}, {@code #}, {@code -- }).
   *
   * @return the place after it; {@code at} itself when no comment starts there, when it is never
   *     closed, or when its content is executed
   */
  static int skipComment(byte[] sql, int at) {
    if (is(sql, at, '/') && is(sql, at + 1, '*')) {
      if (isVersionComment(sql, at)) {
        return at;
      }
      for (int i = at + 2; i + 1 < sql.length; i++) {
        if (sql[i] == '*' && sql[i + 1] == '/') {
          return i + 2;
        }
      }
      return at;
    }
    boolean dashes =
        is(sql, at, '-')
            && is(sql, at + 1, '-')
            && (at + 2 >= sql.length
                || (sql[at + 2] >= 0 && sql[at + 2] <= ' ')
                || sql[at + 2] == 0x7F);
    if (!dashes && !is(sql, at, '#')) {
      return at;
    }
    // A NUL ends the comment for MySQL; it then stays in the text, where the lexer refuses it.
    int i = at;
    while (i < sql.length && sql[i] != '\n' && sql[i] != 0) {
      i++;
    }
    return i < sql.length && sql[i] == '\n' ? i + 1 : i;
  }

  static boolean is(byte[] sql, int at, char c) {
    return at >= 0 && at < sql.length && sql[at] == c;
  }
}

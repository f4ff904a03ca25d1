package io.crossfade.api.sql;

import io.crossfade.api.value.SqlValue;
import io.crossfade.api.value.SqlValue.Form;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values of MySQL literals; see "Literal Values" in the MySQL manual. */
final class Literals {
  private static final Pattern DATE_TIME =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?)?");
  private static final Pattern TIME = Pattern.compile("-?\\d{2,3}:\\d{2}:\\d{2}(\\.\\d{1,6})?");

  private static final Set<String> CHARSETS =
      Set.of(
          "armscii8",
          "ascii",
          "big5",
          "binary",
          "cp1250",
          "cp1251",
          "cp1256",
          "cp1257",
          "cp850",
          "cp852",
          "cp866",
          "cp932",
          "dec8",
          "eucjpms",
          "euckr",
          "gb18030",
          "gb2312",
          "gbk",
          "geostd8",
          "greek",
          "hebrew",
          "hp8",
          "keybcs2",
          "koi8r",
          "koi8u",
          "latin1",
          "latin2",
          "latin5",
          "latin7",
          "macce",
          "macroman",
          "sjis",
          "swe7",
          "tis620",
          "ucs2",
          "ujis",
          "utf16",
          "utf16le",
          "utf32",
          "utf8",
          "utf8mb3",
          "utf8mb4");

  private Literals() {}

  /** Whether {@code name}, in lower case and without its underscore, is a character set. */
  static boolean isCharset(String name) {
    return CHARSETS.contains(name);
  }

  /** The bytes of hexadecimal digits; an odd count is padded on the left. */
  static SqlValue hex(byte[] sql, int start, int end) {
    int digits = end - start;
    byte[] bytes = new byte[(digits + 1) / 2];
    int pad = digits & 1;
    for (int i = 0; i < digits; i++) {
      int shift = ((i + pad) & 1) == 0 ? 4 : 0;
      bytes[(i + pad) / 2] |= (byte) (Character.digit(sql[start + i], 16) << shift);
    }
    return new SqlValue(Form.BINARY, bytes);
  }

  /** The bytes of binary digits, padded on the left. */
  static SqlValue bits(byte[] sql, int start, int end) {
    int digits = end - start;
    byte[] bytes = new byte[(digits + 7) / 8];
    for (int i = 0; i < digits; i++) {
      if (sql[end - 1 - i] == '1') {
        bytes[bytes.length - 1 - i / 8] |= (byte) (1 << (i % 8));
      }
    }
    return new SqlValue(Form.BINARY, bytes);
  }

  /** {@code DATE'..'} and the like; UNKNOWN when the text is not in the standard form. */
  static SqlValue temporal(String type, byte[] text) {
    String s = new String(text, StandardCharsets.ISO_8859_1);
    if (type.equals("TIME")) {
      return TIME.matcher(s).matches() ? new SqlValue(Form.TIME, text) : SqlValue.UNKNOWN;
    }
    boolean dateOnly = s.length() == 10;
    return DATE_TIME.matcher(s).matches() && dateOnly == type.equals("DATE")
        ? new SqlValue(Form.DATETIME, text)
        : SqlValue.UNKNOWN;
  }

  /** A string with an introducer: only {@code _binary} leaves bytes that the proxy can read. */
  static SqlValue introduced(@Nullable String charset, byte[] text) {
    return "binary".equals(charset) ? new SqlValue(Form.BINARY, text) : SqlValue.UNKNOWN;
  }

  /** Appends what {@code \c} stands for inside a string. */
  static void unescape(byte c, ByteArrayOutputStream to) {
    switch (c) {
      case '0' -> to.write(0);
      case 'b' -> to.write('\b');
      case 'n' -> to.write('\n');
      case 'r' -> to.write('\r');
      case 't' -> to.write('\t');
      case 'Z' -> to.write(0x1A);
      case '%', '_' -> {
        to.write('\\');
        to.write(c);
      }
      default -> to.write(c);
    }
  }
}

package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * DECIMAL: a byte 80 + (number of digits before the point, leading zeros not counted), those
 * digits, then {@code scale} digits; every byte complemented where the number is negative.
 */
final class DecimalOrder implements OrderCodec {
  private static final int POSITIVE = 0x80;

  private final int scale;

  DecimalOrder(int scale) {
    this.scale = scale;
  }

  @Override
  public void encode(byte[] text, ByteArrayOutputStream out) {
    String s = new String(text, StandardCharsets.US_ASCII);
    boolean negative = s.startsWith("-");
    int start = negative ? 1 : 0;
    int point = s.indexOf('.');
    int wholeEnd = point < 0 ? s.length() : point;
    int fraction = point < 0 ? 0 : s.length() - point - 1;
    if (wholeEnd == start || fraction != scale) {
      throw new IllegalArgumentException("not the text of a DECIMAL of scale " + scale);
    }
    while (start < wholeEnd && s.charAt(start) == '0') {
      start++;
    }
    String digits = s.substring(start, wholeEnd) + s.substring(s.length() - fraction);
    int flip = negative && !digits.chars().allMatch(c -> c == '0') ? 0xFF : 0;
    out.write((POSITIVE + wholeEnd - start) ^ flip);
    digits.chars().forEach(c -> out.write(c ^ flip));
  }

  @Override
  public int end(byte[] bytes, int offset) {
    int first = offset < bytes.length ? bytes[offset] & 0xFF : -1;
    int whole = first >= POSITIVE ? first - POSITIVE : (first ^ 0xFF) - POSITIVE;
    int end = offset + 1 + whole + scale;
    if (first < 0 || end > bytes.length) {
      throw new IllegalArgumentException("an entry cut within a DECIMAL");
    }
    return end;
  }
}

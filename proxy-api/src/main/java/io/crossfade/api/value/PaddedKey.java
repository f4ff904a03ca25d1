package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;

/**
 * Byte strings that compare as if padded with spaces for ever (PAD SPACE). Trailing spaces are cut
 * off; the end, which stands for spaces without end, must sort between what follows with bytes
 * below a space and what follows with bytes above it. So a space starts a group:
 *
 * <ul>
 *   <li>20 00 n n: n spaces, then a byte below 20 (fewer spaces sort first)
 *   <li>20 01: the end
 *   <li>20 02 m m: ~m spaces, then a byte above 20 (more spaces sort first)
 * </ul>
 */
final class PaddedKey implements KeyCodec {
  private static final int SPACE = 0x20;
  private static final int LOW = 0;
  private static final int END = 1;
  private static final int HIGH = 2;

  private final boolean restoresText;

  /**
   * For one column.
   *
   * @param withoutTrailingSpaces whether no text form ends in a space (CHAR)
   */
  PaddedKey(boolean withoutTrailingSpaces) {
    this.restoresText = withoutTrailingSpaces;
  }

  @Override
  public void encode(byte[] text, ByteArrayOutputStream out) {
    int length = Charsets.lengthWithoutTrailingSpaces(text);
    int i = 0;
    while (i < length) {
      int start = i;
      while (text[i] == SPACE) {
        i++;
      }
      if (i > start) {
        boolean low = (text[i] & 0xFF) < SPACE;
        int spaces = low ? i - start : ~(i - start);
        out.write(SPACE);
        out.write(low ? LOW : HIGH);
        out.write(spaces >> 8);
        out.write(spaces);
      }
      out.write(text[i++]);
    }
    out.write(SPACE);
    out.write(END);
  }

  @Override
  public int end(byte[] bytes, int offset) {
    Bound bound = bound(bytes, offset);
    if (bound.kind() != Bound.Kind.EXACT) {
      throw new IllegalArgumentException("a key cut within a string");
    }
    return bound.end();
  }

  @Override
  public byte[] decode(byte[] bytes, int offset, int end) {
    return bound(bytes, offset).value();
  }

  @Override
  public boolean restoresText() {
    return restoresText;
  }

  @Override
  public Bound bound(byte[] bytes, int offset) {
    ByteArrayOutputStream value = new ByteArrayOutputStream(bytes.length - offset);
    int i = offset;
    while (i + 1 < bytes.length) {
      if (bytes[i] != SPACE) {
        value.write(bytes[i++]);
        continue;
      }
      int group = bytes[i + 1];
      if (group == END) {
        return Bound.exact(value.toByteArray(), i + 2);
      }
      if (group == HIGH && i + 2 == bytes.length) {
        return Bound.above(value.toByteArray());
      }
      i = spaces(bytes, i, value);
    }
    throw new IllegalArgumentException("a bound within a string of a PAD SPACE collation");
  }

  private static int spaces(byte[] bytes, int at, ByteArrayOutputStream value) {
    if (at + 4 >= bytes.length || (bytes[at + 1] != LOW && bytes[at + 1] != HIGH)) {
      throw new IllegalArgumentException("a bound within a string of a PAD SPACE collation");
    }
    int written = (bytes[at + 2] & 0xFF) << 8 | (bytes[at + 3] & 0xFF);
    int count = bytes[at + 1] == LOW ? written : ~written & 0xFFFF;
    for (int i = 0; i < count; i++) {
      value.write(SPACE);
    }
    return at + 4;
  }
}

package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** DATE, DATETIME and TIMESTAMP (UTC): the text form itself, whose width is fixed by the column. */
final class TemporalKey implements KeyCodec {
  private final ColumnType type;
  private final int width;

  TemporalKey(ColumnType type) {
    this.type = type;
    this.width = Temporals.width(type);
  }

  @Override
  public void encode(byte[] text, ByteArrayOutputStream out) {
    if (!Temporals.isPossible(type, text)) {
      throw new IllegalArgumentException("not the text of a " + type.kind());
    }
    out.write(text, 0, text.length);
  }

  @Override
  public int end(byte[] bytes, int offset) {
    if (bytes.length - offset < width) {
      throw new IllegalArgumentException("a key cut within a " + type.kind());
    }
    return offset + width;
  }

  @Override
  public byte[] decode(byte[] bytes, int offset, int end) {
    return Arrays.copyOfRange(bytes, offset, end);
  }

  @Override
  public boolean restoresText() {
    return true;
  }

  @Override
  public Bound bound(byte[] bytes, int offset) {
    byte[] text = Arrays.copyOfRange(bytes, offset, Math.min(bytes.length, offset + width));
    if (Temporals.isPossible(type, text)) {
      return Bound.exact(text, offset + width);
    }
    // The end of a prefix is a value with its last byte raised; between the two there is nothing.
    byte[] before = text.clone();
    before[before.length - 1]--;
    return Temporals.isPossible(type, before) ? Bound.above(before) : Bound.atLeast(text);
  }
}

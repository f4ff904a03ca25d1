package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;

/** Byte strings compared without padding: 00 is written as 00 FF, the end as 00 00. */
final class BytesKey implements KeyCodec {
  private static final int ESCAPED = 0xFF;

  @Override
  public void encode(byte[] text, ByteArrayOutputStream out) {
    for (byte b : text) {
      out.write(b);
      if (b == 0) {
        out.write(ESCAPED);
      }
    }
    out.write(0);
    out.write(0);
  }

  @Override
  public int end(byte[] bytes, int offset) {
    Bound bound = offset < bytes.length ? bound(bytes, offset) : Bound.none();
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
    return true;
  }

  @Override
  public Bound bound(byte[] bytes, int offset) {
    ByteArrayOutputStream value = new ByteArrayOutputStream(bytes.length - offset);
    int i = offset;
    while (i < bytes.length) {
      if (bytes[i] != 0) {
        value.write(bytes[i++]);
        continue;
      }
      if (i + 1 == bytes.length) {
        break;
      }
      int next = bytes[i + 1] & 0xFF;
      if (next == 0) {
        return Bound.exact(value.toByteArray(), i + 2);
      }
      if (next != ESCAPED) {
        return Bound.above(value.toByteArray());
      }
      value.write(0);
      i += 2;
    }
    return Bound.atLeast(value.toByteArray());
  }
}

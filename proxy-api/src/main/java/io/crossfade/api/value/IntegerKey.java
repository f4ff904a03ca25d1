package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;

/** Big-endian in the type's own width (1, 2, 3, 4, 8 bytes), sign bit flipped where signed. */
final class IntegerKey implements KeyCodec {
  private static final int FIRST_YEAR = 1901;

  private final ColumnType type;
  private final int width;
  private final long signBit;

  IntegerKey(ColumnType type) {
    this.type = type;
    this.width = Integers.width(type);
    this.signBit = Integers.isUnsigned(type) ? 0 : 1L << (8 * width - 1);
  }

  @Override
  public void encode(byte[] text, ByteArrayOutputStream out) {
    long bits = Integers.parse(type, text) ^ signBit;
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      out.write((int) (bits >>> shift));
    }
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
    return Integers.format(type, read(bytes, offset));
  }

  @Override
  public boolean restoresText() {
    return true;
  }

  @Override
  public Bound bound(byte[] bytes, int offset) {
    long value = read(bytes, offset);
    if (type.kind() == ColumnType.Kind.YEAR && !Integers.isYear((int) value)) {
      return value < FIRST_YEAR ? Bound.atLeast(Integers.format(type, FIRST_YEAR)) : Bound.none();
    }
    byte[] text = Integers.format(type, value);
    return bytes.length - offset < width ? Bound.atLeast(text) : Bound.exact(text, offset + width);
  }

  /** The value at {@code offset}, missing bytes read as zero. */
  private long read(byte[] bytes, int offset) {
    long bits = 0;
    for (int i = offset; i < offset + width; i++) {
      bits = bits << 8 | (i < bytes.length ? bytes[i] & 0xFF : 0);
    }
    bits ^= signBit;
    int unused = 64 - 8 * width;
    return signBit == 0 ? bits : bits << unused >> unused;
  }
}

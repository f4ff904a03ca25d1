package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** FLOAT and DOUBLE: IEEE 754 bits, all flipped where negative, else the sign bit only. */
final class DoubleOrder implements OrderCodec {
  @Override
  public void encode(byte[] text, ByteArrayOutputStream out) {
    double value = Double.parseDouble(new String(text, StandardCharsets.US_ASCII));
    long bits = Double.doubleToLongBits(value == 0 ? 0.0 : value);
    bits ^= bits < 0 ? -1L : Long.MIN_VALUE;
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(bits).array());
  }

  @Override
  public int end(byte[] bytes, int offset) {
    if (bytes.length - offset < Long.BYTES) {
      throw new IllegalArgumentException("an entry cut within a number");
    }
    return offset + Long.BYTES;
  }
}

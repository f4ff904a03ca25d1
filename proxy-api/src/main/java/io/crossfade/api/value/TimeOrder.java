package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** TIME: signed microseconds, 8 bytes big-endian with the sign bit flipped. */
final class TimeOrder implements OrderCodec {
  @Override
  public void encode(byte[] text, ByteArrayOutputStream out) {
    long bits = TimeText.parse(text).total() ^ Long.MIN_VALUE;
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(bits).array());
  }

  @Override
  public int end(byte[] bytes, int offset) {
    if (bytes.length - offset < Long.BYTES) {
      throw new IllegalArgumentException("an entry cut within a TIME");
    }
    return offset + Long.BYTES;
  }
}

package io.crossfade.sandbox.compare;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** MurmurHash3, x86, 32 bits, seed 0: the hash in front of every row key. */
final class ListHash {
  private ListHash() {}

  /** The upper 16 bits. */
  static byte[] of(byte[] list) {
    int hash = hash(list);
    return new byte[] {(byte) (hash >>> 24), (byte) (hash >>> 16)};
  }

  static int hash(byte[] data) {
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    int h = 0;
    while (in.remaining() >= Integer.BYTES) {
      h = Integer.rotateLeft(h ^ scramble(in.getInt()), 13) * 5 + 0xe6546b64;
    }
    int tail = 0;
    for (int shift = 0; in.hasRemaining(); shift += 8) {
      tail |= (in.get() & 0xFF) << shift;
    }
    h ^= scramble(tail);
    h ^= data.length;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }

  private static int scramble(int k) {
    return Integer.rotateLeft(k * 0xcc9e2d51, 15) * 0x1b873593;
  }
}

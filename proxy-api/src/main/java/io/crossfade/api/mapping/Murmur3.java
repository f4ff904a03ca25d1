package io.crossfade.api.mapping;

/** MurmurHash3, x86, 32 bits, seed 0 (Austin Appleby, public domain). */
final class Murmur3 {
  private static final int C1 = 0xCC9E2D51;
  private static final int C2 = 0x1B873593;

  private Murmur3() {}

  static int hash(byte[] bytes) {
    int h = 0;
    int blocks = bytes.length / 4;
    for (int i = 0; i < blocks; i++) {
      h ^= mix(little(bytes, 4 * i, 4));
      h = Integer.rotateLeft(h, 13) * 5 + 0xE6546B64;
    }
    int tail = bytes.length % 4;
    if (tail > 0) {
      h ^= mix(little(bytes, 4 * blocks, tail));
    }
    h ^= bytes.length;
    h = (h ^ h >>> 16) * 0x85EBCA6B;
    h = (h ^ h >>> 13) * 0xC2B2AE35;
    return h ^ h >>> 16;
  }

  private static int mix(int k) {
    return Integer.rotateLeft(k * C1, 15) * C2;
  }

  private static int little(byte[] bytes, int offset, int count) {
    int value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | (bytes[offset + i] & 0xFF);
    }
    return value;
  }
}

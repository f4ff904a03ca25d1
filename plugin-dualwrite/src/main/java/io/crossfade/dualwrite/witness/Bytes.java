package io.crossfade.dualwrite.witness;

import java.util.Arrays;

/** Reads the body of an event from its start to its end. */
final class Bytes {
  private final byte[] bytes;
  private int at;

  Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  int left() {
    return bytes.length - at;
  }

  void skip(int count) {
    require(count);
    at += count;
  }

  byte[] take(int count) {
    require(count);
    at += count;
    return Arrays.copyOfRange(bytes, at - count, at);
  }

  /** An unsigned number, its low byte first. */
  long little(int width) {
    require(width);
    long n = 0;
    for (int i = width - 1; i >= 0; i--) {
      n = n << 8 | (bytes[at + i] & 0xFF);
    }
    at += width;
    return n;
  }

  /** An unsigned number, its high byte first. */
  long big(int width) {
    require(width);
    long n = 0;
    for (int i = 0; i < width; i++) {
      n = n << 8 | (bytes[at + i] & 0xFF);
    }
    at += width;
    return n;
  }

  /** A length-encoded integer. */
  long packed() {
    int first = (int) little(1);
    return switch (first) {
      case 0xFC -> little(2);
      case 0xFD -> little(3);
      case 0xFE -> little(8);
      case 0xFB, 0xFF -> throw new IllegalArgumentException("not a length: " + first);
      default -> first;
    };
  }

  private void require(int count) {
    if (count < 0 || count > left()) {
      throw new IllegalArgumentException("an event cut short");
    }
  }
}

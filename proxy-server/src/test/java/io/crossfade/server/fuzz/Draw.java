package io.crossfade.server.fuzz;

/** Turns bytes into decisions; when they run out, every decision is the first choice. */
final class Draw {
  private final byte[] source;
  private int at;

  Draw(byte[] source) {
    this.source = source;
  }

  /** Whether bytes are left. */
  boolean more() {
    return at < source.length;
  }

  /** The next byte, unsigned. */
  int next() {
    return at < source.length ? source[at++] & 0xFF : 0;
  }

  /** A number from 0 to {@code bound - 1}. */
  int below(int bound) {
    int wide = bound > 256 ? next() << 8 | next() : next();
    return wide % bound;
  }

  /** True about once in {@code times}; false when the bytes ran out. */
  boolean onceIn(int times) {
    return below(times) == 1 % times && more();
  }

  /** One of {@code choices}. */
  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[below(choices.length)];
  }

  /** Up to {@code most} of the bytes themselves. */
  byte[] bytes(int most) {
    int length = Math.min(below(most + 1), source.length - at);
    byte[] out = new byte[length];
    System.arraycopy(source, at, out, 0, length);
    at += length;
    return out;
  }
}

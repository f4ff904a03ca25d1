package io.crossfade.api.mapping;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The keys {@code from <= key < to} in unsigned byte order of {@link Key}.
 *
 * @param from first key bytes, inclusive; empty = from the start
 * @param to end key bytes, exclusive; empty = to the end
 */
public record KeyRange(byte[] from, byte[] to) {
  /** Every key. */
  public static final KeyRange ALL = new KeyRange(new byte[0], new byte[0]);

  /** All keys that start with {@code prefix}. */
  public static KeyRange prefix(byte[] prefix) {
    byte[] to = prefix.clone();
    int i = to.length - 1;
    while (i >= 0 && to[i] == (byte) 0xFF) {
      i--;
    }
    if (i < 0) {
      return new KeyRange(prefix, new byte[0]);
    }
    to[i]++;
    return new KeyRange(prefix, Arrays.copyOf(to, i + 1));
  }

  /** Just {@code key}. */
  public static KeyRange of(Key key) {
    return new KeyRange(key.bytes(), Arrays.copyOf(key.bytes(), key.bytes().length + 1));
  }

  /** Whether {@code key} lies in this range. */
  public boolean contains(Key key) {
    return Arrays.compareUnsigned(key.bytes(), from) >= 0
        && (to.length == 0 || Arrays.compareUnsigned(key.bytes(), to) < 0);
  }

  /** Whether some key may lie in both. */
  public boolean overlaps(KeyRange other) {
    return (to.length == 0 || Arrays.compareUnsigned(other.from, to) < 0)
        && (other.to.length == 0 || Arrays.compareUnsigned(from, other.to) < 0);
  }

  /** Whether this range is the whole table. */
  public boolean isAll() {
    return from.length == 0 && to.length == 0;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof KeyRange r && Arrays.equals(from, r.from) && Arrays.equals(to, r.to);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(from) + Arrays.hashCode(to);
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return "[" + hex.formatHex(from) + "," + (to.length == 0 ? "end" : hex.formatHex(to)) + ")";
  }
}

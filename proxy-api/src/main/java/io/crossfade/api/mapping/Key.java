package io.crossfade.api.mapping;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A primary key in order-preserving encoding: unsigned byte order equals MySQL's order of the key.
 * Treat the bytes as immutable.
 */
public record Key(byte[] bytes) implements Comparable<Key> {
  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Key k && Arrays.equals(bytes, k.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}

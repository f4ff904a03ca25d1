package io.crossfade.dualwrite.dirty;

import java.util.Arrays;

/** A record's key, comparable by content. */
public record RecordKey(byte[] bytes) implements Comparable<RecordKey> {
  @Override
  public int compareTo(RecordKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof RecordKey k && Arrays.equals(bytes, k.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "RecordKey[" + bytes.length + " bytes]";
  }
}

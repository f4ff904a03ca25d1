package io.crossfade.dualwrite.dirty.kafka;

import java.util.Arrays;

/** The value of a record of the topic: a state, then the record's value in the store. */
final class TopicValue {
  private static final byte OPEN = 'o';

  private TopicValue() {}

  static byte[] open(byte[] value) {
    byte[] encoded = new byte[1 + value.length];
    encoded[0] = OPEN;
    System.arraycopy(value, 0, encoded, 1, value.length);
    return encoded;
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static byte[] decode(byte[] encoded) {
    if (encoded.length == 0 || encoded[0] != OPEN) {
      throw new IllegalArgumentException("a value of an unknown state");
    }
    return Arrays.copyOfRange(encoded, 1, encoded.length);
  }
}

package io.crossfade.dualwrite.hbase;

import java.nio.charset.StandardCharsets;

/** Names of families and of the counter's column. */
final class Families {
  /** Items: states, columns. */
  static final byte[] ITEMS = bytes("i");

  /** Order entries. */
  static final byte[] ORDERS = bytes("o");

  /** Wide tables: the counter. */
  static final byte[] COUNTERS = bytes("c");

  /** Wide tables: how many live items the row has. */
  static final byte[] COUNT = bytes("n");

  private Families() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

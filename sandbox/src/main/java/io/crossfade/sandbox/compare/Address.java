package io.crossfade.sandbox.compare;

import java.io.ByteArrayOutputStream;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Where a value stands in HBase ("Addresses" in the format).
 *
 * @param family {@code i}, {@code o} or {@code c}
 * @param row the row key, in the HBase shell's notation
 * @param qualifier the qualifier, likewise; empty for a tall item, an order row and a counter
 */
record Address(char family, String row, String qualifier) {
  static Address item(boolean wide, byte[] list, byte[] rest) {
    return wide
        ? at('i', row(list, list), rest)
        : at('i', row(list, new byte[] {1}, list, rest), new byte[0]);
  }

  static Address order(boolean wide, byte[] list, byte[] entry) {
    return wide
        ? at('o', row(list, list), entry)
        : at('o', row(list, new byte[] {2}, list, entry), new byte[0]);
  }

  static Address counter(byte[] list) {
    return at('c', row(list, list), new byte[0]);
  }

  static Address at(char family, byte[] row, byte[] qualifier) {
    return new Address(family, Bytes.toStringBinary(row), Bytes.toStringBinary(qualifier));
  }

  /** The hash of the list, then the parts. */
  private static byte[] row(byte[] list, byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ListHash.of(list));
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}

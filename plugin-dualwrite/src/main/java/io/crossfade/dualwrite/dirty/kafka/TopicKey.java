package io.crossfade.dualwrite.dirty.kafka;

import io.crossfade.dualwrite.dirty.RecordKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The key of a record of the topic:
 *
 * <pre>
 * format8 (1)  length16  proxy (UTF-8)  writer64  record
 * </pre>
 *
 * <p>Only the owner of a record may end it by a tombstone: the proxy of that name. A
 * <em>writer</em> is one producer's life in it. A request that a dead producer left behind,
 * wherever it was stuck, can therefore only touch records of that producer, never what a later one
 * has confirmed.
 *
 * @param proxy who owns the record
 * @param writer the number of the owner's producer that wrote it; later ones are larger
 * @param record its key in the store
 */
record TopicKey(String proxy, long writer, RecordKey record) {
  private static final byte FORMAT = 1;
  private static final int FIXED = 1 + 2 + 8;

  byte[] encode() {
    byte[] name = proxy.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIXED + name.length + record.bytes().length)
        .put(FORMAT)
        .putShort((short) name.length)
        .put(name)
        .putLong(writer)
        .put(record.bytes())
        .array();
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static TopicKey decode(byte[] key) {
    ByteBuffer b = ByteBuffer.wrap(key);
    if (key.length <= FIXED || b.get() != FORMAT) {
      throw new IllegalArgumentException("a key of another format");
    }
    int length = b.getShort() & 0xFFFF;
    if (key.length <= FIXED + length) {
      throw new IllegalArgumentException("a key that is cut short");
    }
    byte[] name = new byte[length];
    b.get(name);
    long writer = b.getLong();
    return new TopicKey(
        new String(name, StandardCharsets.UTF_8),
        writer,
        new RecordKey(Arrays.copyOfRange(key, b.position(), key.length)));
  }

  /** The same for a record whoever writes it, so that all there is about a row is in one order. */
  static int partition(RecordKey record, int partitions) {
    return Math.floorMod(Arrays.hashCode(record.bytes()), partitions);
  }
}

package io.crossfade.sandbox.compare;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The follower table's bytes in HBase, read by hand from {@code docs/hbase-format.md}: key {@code
 * (user_id, follower_id)}, both BIGINT; stored columns {@code created_at} TIMESTAMP(3) and {@code
 * status} TINYINT; order 0 = {@code created_at desc}.
 */
final class FollowerCells {
  static final int HASH = 2;
  static final int LONG = 8;
  private static final int CREATED_AT = 23;

  private FollowerCells() {}

  /** A signed BIGINT of a key. */
  static long key(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes, offset, LONG).getLong() ^ Long.MIN_VALUE;
  }

  /** {@code created_at|status} of a packed item or order value; null when it says "deleted". */
  static @Nullable String packed(byte[] value) {
    if (value[0] == 0) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
    if (in.get() != 1) {
      throw new IllegalArgumentException("unknown format " + value[1]);
    }
    int columns = length(in);
    if (columns != 2) {
      throw new IllegalArgumentException(columns + " columns instead of 2");
    }
    byte nulls = in.get();
    String createdAt = (nulls & 1) != 0 ? "NULL" : text(in);
    String status = (nulls & 2) != 0 ? "NULL" : String.valueOf(number(in));
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes too many");
    }
    return createdAt + "|" + status;
  }

  /** {@code created_at|status} of a tall item's cells. */
  static String cells(byte @Nullable [] createdAt, byte @Nullable [] status) {
    return (createdAt == null ? "NULL" : new String(createdAt, StandardCharsets.US_ASCII))
        + "|"
        + (status == null ? "NULL" : String.valueOf(ByteBuffer.wrap(status).getLong()));
  }

  /**
   * The item an order entry belongs to, and the time it sorts by.
   *
   * @param bytes order number, order column, rest of the key
   */
  record OrderKey(long follower, String createdAt) {
    static OrderKey read(byte[] bytes, int offset) {
      if (bytes[offset] != 0 || bytes[offset + 1] != (byte) 0xFE) {
        throw new IllegalArgumentException("not order 0 with a value");
      }
      byte[] time = Arrays.copyOfRange(bytes, offset + 2, offset + 2 + CREATED_AT);
      for (int i = 0; i < time.length; i++) {
        time[i] = (byte) ~time[i];
      }
      return new OrderKey(
          key(bytes, offset + 2 + CREATED_AT), new String(time, StandardCharsets.US_ASCII));
    }
  }

  private static int length(ByteBuffer in) {
    int value = 0;
    int shift = 0;
    while (true) {
      byte b = in.get();
      value |= (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
      shift += 7;
    }
  }

  private static String text(ByteBuffer in) {
    byte[] cell = new byte[length(in)];
    in.get(cell);
    return new String(cell, StandardCharsets.US_ASCII);
  }

  private static long number(ByteBuffer in) {
    int n = length(in);
    if (n != LONG) {
      throw new IllegalArgumentException("an integer of " + n + " bytes");
    }
    return in.getLong();
  }
}

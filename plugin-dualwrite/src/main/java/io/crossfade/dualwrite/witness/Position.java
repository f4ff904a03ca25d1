package io.crossfade.dualwrite.witness;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A place between two transactions of a server's binlog.
 *
 * @param serverUuid {@code @@server_uuid} of the server whose files are meant
 * @param file the binlog file
 * @param offset the offset in it
 * @param gtids every transaction before the place; null where the server has no GTIDs, or such that
 *     the binlog client does not understand
 */
record Position(String serverUuid, String file, long offset, @Nullable String gtids) {
  private static final int PARTS = 4;

  /** As {@link #decode} reads it. */
  byte[] encode() {
    String text = serverUuid + "\n" + file + "\n" + offset + "\n" + (gtids == null ? "-" : gtids);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Position decode(byte[] bytes) {
    String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\n", PARTS);
    return new Position(
        parts[0], parts[1], Long.parseLong(parts[2]), "-".equals(parts[3]) ? null : parts[3]);
  }

  /** Whether it is not before {@code other}, a place of the same server. */
  boolean reached(Position other) {
    if (file.equals(other.file)) {
      return offset >= other.offset;
    }
    return number(file) > number(other.file);
  }

  private static long number(String file) {
    return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
  }

  /** Without the GTIDs. */
  @Override
  public String toString() {
    return file + ":" + offset;
  }
}

package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * "Session State Information" of an OK packet, as far as the relay wants to know it.
 *
 * @param schema the new current database, null when it did not change
 * @param transaction whether the client is told what happens in its transactions
 */
public record SessionChanges(@Nullable String schema, boolean transaction) {
  /** Nothing is told. */
  public static final SessionChanges NONE = new SessionChanges(null, false);

  private static final int TRACK_SCHEMA = 1;
  private static final int TRACK_TRANSACTION_CHARACTERISTICS = 4;
  private static final int TRACK_TRANSACTION_STATE = 5;

  /** Decodes what follows the warnings: the info, then the changes; {@link #NONE} when cut off. */
  static SessionChanges decode(ByteBuf in) {
    try {
      Lenenc.skipBytes(in);
      long length = Lenenc.readInt(in);
      Lenenc.require(in, length);
      int end = in.readerIndex() + (int) length;
      String schema = null;
      boolean transaction = false;
      while (in.readerIndex() < end) {
        int type = in.readUnsignedByte();
        byte[] data = Lenenc.readBytes(in);
        if (type == TRACK_SCHEMA && data.length > 0) {
          schema = new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
        }
        transaction |= type == TRACK_TRANSACTION_CHARACTERISTICS || type == TRACK_TRANSACTION_STATE;
      }
      return new SessionChanges(schema, transaction);
    } catch (MalformedPacketException truncated) {
      return NONE;
    }
  }
}

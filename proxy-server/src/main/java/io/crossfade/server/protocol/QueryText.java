package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;

/** Where the SQL text of a COM_QUERY begins: "COM_QUERY" in the manual. */
public final class QueryText {
  private QueryText() {}

  /**
   * The index in {@code payload} (its command byte included) of the text's first byte.
   *
   * @throws MalformedPacketException when the query attributes ahead of it cannot be read
   */
  public static int start(ByteBuf payload, long capabilities) {
    ByteBuf in = payload.duplicate();
    in.skipBytes(1);
    if (Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES)) {
      long count = Lenenc.readInt(in);
      Lenenc.readInt(in);
      if (count > 0) {
        BinaryValues.read(in, BinaryValues.checkedCount(count), true, BinaryValues.NO_TYPES, new BitSet());
      }
    }
    return in.readerIndex();
  }
}

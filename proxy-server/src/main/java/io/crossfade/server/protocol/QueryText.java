package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;

/** Where the SQL text of a COM_QUERY begins: "COM_QUERY" in the manual. */
public final class QueryText {
  private QueryText() {}

  /**
   * How many bytes of {@code payload}, its command byte included, lie before the text.
   *
   * @throws MalformedPacketException when the query attributes ahead of it cannot be read
   */
  public static int start(ByteBuf payload, long capabilities) {
    ByteBuf in = payload.slice();
    in.skipBytes(1);
    if (Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES)) {
      long count = Lenenc.readInt(in);
      Lenenc.readInt(in);
      if (count > 0) {
        BinaryValues.read(
            in, BinaryValues.checkedCount(count), true, BinaryValues.NO_TYPES, new BitSet());
      }
    }
    return in.readerIndex();
  }
}

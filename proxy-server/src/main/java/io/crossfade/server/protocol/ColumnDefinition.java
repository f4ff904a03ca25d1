package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What a reader of binary rows needs of "Protocol::ColumnDefinition41".
 *
 * @param type the column's type byte
 * @param flags the column's flags
 */
public record ColumnDefinition(int type, int flags) {
  /**
   * Decodes a payload.
   *
   * @throws MalformedPacketException when it is cut short
   */
  public static ColumnDefinition decode(ByteBuf in) {
    for (int i = 0; i < 6; i++) {
      Lenenc.skipBytes(in);
    }
    Lenenc.readInt(in);
    Lenenc.require(in, 9);
    in.skipBytes(6);
    return new ColumnDefinition(in.readUnsignedByte(), in.readUnsignedShortLE());
  }
}

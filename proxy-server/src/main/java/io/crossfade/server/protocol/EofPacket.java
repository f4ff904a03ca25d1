package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;

/**
 * "Protocol::EOF_Packet".
 *
 * @param warnings number of warnings
 * @param status status flags
 */
public record EofPacket(int warnings, int status) {
  /**
   * An EOF packet's payload is shorter than this; a longer one that begins with 0xFE is something
   * else.
   */
  public static final int LIMIT = 9;

  /**
   * Decodes a payload.
   *
   * @throws MalformedPacketException when it is too short
   */
  public static EofPacket decode(ByteBuf in) {
    Lenenc.require(in, 5);
    in.skipBytes(1);
    return new EofPacket(in.readUnsignedShortLE(), in.readUnsignedShortLE());
  }

  /** Writes the payload. */
  public void encode(ByteBuf out) {
    out.writeByte(0xFE);
    out.writeShortLE(warnings);
    out.writeShortLE(status);
  }
}

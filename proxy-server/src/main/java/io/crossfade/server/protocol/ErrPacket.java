package io.crossfade.server.protocol;

import io.crossfade.server.frame.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * "Protocol::ERR_Packet".
 *
 * @param code the error code
 * @param sqlState five characters, or empty where the client's capabilities are not known yet
 * @param message for the user
 */
public record ErrPacket(int code, String sqlState, String message) {
  /** The first byte. */
  public static final int HEADER = 0xFF;

  /** The code of MariaDB's progress reports, which look like errors and end nothing. */
  public static final int PROGRESS = 0xFFFF;

  /**
   * Decodes a payload.
   *
   * @throws MalformedPacketException when it is too short
   */
  public static ErrPacket decode(ByteBuf in) {
    Lenenc.require(in, 3);
    in.skipBytes(1);
    int code = in.readUnsignedShortLE();
    String state = "";
    if (in.readableBytes() >= 6 && in.getByte(in.readerIndex()) == '#') {
      in.skipBytes(1);
      state = in.readCharSequence(5, StandardCharsets.US_ASCII).toString();
    }
    return new ErrPacket(code, state, in.toString(StandardCharsets.UTF_8));
  }

  /** The whole packet. */
  public ByteBuf encode(ByteBufAllocator alloc, int sequence) {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    ByteBuf out = alloc.buffer(Frames.HEADER + 9 + text.length);
    out.writeZero(Frames.HEADER);
    out.writeByte(HEADER);
    out.writeShortLE(code);
    if (!sqlState.isEmpty()) {
      out.writeByte('#');
      out.writeCharSequence(sqlState, StandardCharsets.US_ASCII);
    }
    out.writeBytes(text);
    Frames.finish(out, 0, sequence);
    return out;
  }
}

package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * "Protocol::OK_Packet", also with the header 0xFE that ends rows under DEPRECATE_EOF.
 *
 * @param affectedRows unsigned
 * @param lastInsertId unsigned
 * @param status status flags
 * @param warnings number of warnings
 * @param schema the new current database when the packet tells of a change of it, else null
 */
public record OkPacket(
    long affectedRows, long lastInsertId, int status, int warnings, @Nullable String schema) {
  private static final int TRACK_SCHEMA = 1;

  /**
   * Decodes a payload, or its beginning: the session-state part is read only when it is there
   * whole.
   *
   * @throws MalformedPacketException when it is too short
   */
  public static OkPacket decode(ByteBuf in, long capabilities) {
    Lenenc.require(in, 1);
    in.skipBytes(1);
    long affected = Lenenc.readInt(in);
    long insertId = Lenenc.readInt(in);
    Lenenc.require(in, 4);
    int status = in.readUnsignedShortLE();
    int warnings = in.readUnsignedShortLE();
    String schema =
        Capabilities.has(capabilities, Capabilities.SESSION_TRACK)
                && (status & ServerStatus.SESSION_STATE_CHANGED) != 0
            ? schema(in)
            : null;
    return new OkPacket(affected, insertId, status, warnings, schema);
  }

  private static @Nullable String schema(ByteBuf in) {
    try {
      Lenenc.skipBytes(in);
      long length = Lenenc.readInt(in);
      Lenenc.require(in, length);
      int end = in.readerIndex() + (int) length;
      String schema = null;
      while (in.readerIndex() < end) {
        int type = in.readUnsignedByte();
        byte[] data = Lenenc.readBytes(in);
        if (type == TRACK_SCHEMA && data.length > 0) {
          schema = new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
        }
      }
      return schema;
    } catch (MalformedPacketException truncated) {
      return null;
    }
  }
}

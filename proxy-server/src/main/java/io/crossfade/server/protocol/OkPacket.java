package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;

/**
 * "Protocol::OK_Packet", also with the header 0xFE that ends rows under DEPRECATE_EOF.
 *
 * @param affectedRows unsigned
 * @param lastInsertId unsigned
 * @param status status flags
 * @param warnings number of warnings
 * @param changes what the packet tells of the session's state
 */
public record OkPacket(
    long affectedRows, long lastInsertId, int status, int warnings, SessionChanges changes) {

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
    SessionChanges changes =
        Capabilities.has(capabilities, Capabilities.SESSION_TRACK)
                && (status & ServerStatus.SESSION_STATE_CHANGED) != 0
            ? SessionChanges.decode(in)
            : SessionChanges.NONE;
    return new OkPacket(affected, insertId, status, warnings, changes);
  }
}

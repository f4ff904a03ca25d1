package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;

/**
 * "Protocol::OK_Packet", also with the header 0xFE that ends rows under DEPRECATE_EOF.
 *
 * @param affectedRows unsigned
 * @param lastInsertId unsigned
 * @param status status flags
 * @param warnings number of warnings
 * @param matchedRows the first number of the text for humans, which after an UPDATE counts the rows
 *     that were found; -1 when there is none
 * @param changes what the packet tells of the session's state
 */
public record OkPacket(
    long affectedRows,
    long lastInsertId,
    int status,
    int warnings,
    long matchedRows,
    SessionChanges changes) {

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
    boolean tracking = Capabilities.has(capabilities, Capabilities.SESSION_TRACK);
    long matched = firstNumber(in, tracking);
    SessionChanges changes =
        tracking && (status & ServerStatus.SESSION_STATE_CHANGED) != 0
            ? SessionChanges.decode(in)
            : SessionChanges.NONE;
    return new OkPacket(affected, insertId, status, warnings, matched, changes);
  }

  /** The words around the numbers are in the language of the session. */
  private static long firstNumber(ByteBuf in, boolean withLength) {
    int at = in.readerIndex() + (withLength ? 1 : 0);
    int end =
        withLength && in.isReadable()
            ? Math.min(in.writerIndex(), at + in.getUnsignedByte(in.readerIndex()))
            : in.writerIndex();
    while (at < end && !isDigit(in.getByte(at))) {
      at++;
    }
    long number = -1;
    for (; at < end && isDigit(in.getByte(at)); at++) {
      number = Math.max(number, 0) * 10 + (in.getByte(at) - '0');
    }
    return number;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}

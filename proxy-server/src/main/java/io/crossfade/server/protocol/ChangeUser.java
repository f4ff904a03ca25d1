package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;

/**
 * "COM_CHANGE_USER" without its authentication data.
 *
 * @param user the new user name
 * @param database the new database, empty when none
 */
public record ChangeUser(String user, String database) {
  /**
   * Decodes a payload, the command byte included.
   *
   * @throws MalformedPacketException when it is cut short
   */
  public static ChangeUser decode(ByteBuf in, long capabilities) {
    Lenenc.require(in, 2);
    in.skipBytes(1);
    String user = HandshakeResponse.readNulTerminated(in);
    if (Capabilities.has(capabilities, Capabilities.SECURE_CONNECTION)) {
      Lenenc.require(in, 1);
      int length = in.readUnsignedByte();
      Lenenc.require(in, length);
      in.skipBytes(length);
    } else {
      HandshakeResponse.readNulTerminated(in);
    }
    return new ChangeUser(user, in.isReadable() ? HandshakeResponse.readNulTerminated(in) : "");
  }
}

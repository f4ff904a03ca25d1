package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * "Protocol::HandshakeV10", the server's greeting.
 *
 * @param serverVersion as the server writes it
 * @param connectionId the server's number of the connection
 * @param capabilities what the server can do
 * @param status status flags
 */
public record Handshake(String serverVersion, long connectionId, long capabilities, int status) {
  /** The protocol version this relay understands. */
  public static final int PROTOCOL = 10;

  /** Where, behind the version, MariaDB puts its extended capabilities. */
  private static final int EXTENDED = 27;

  /**
   * Decodes a payload.
   *
   * @throws MalformedPacketException when it is not a version 10 greeting with both halves of the
   *     capabilities
   */
  public static Handshake decode(ByteBuf in) {
    int afterVersion = endOfVersion(in);
    String version =
        in.toString(
            in.readerIndex() + 1, afterVersion - in.readerIndex() - 2, StandardCharsets.UTF_8);
    long id = in.getUnsignedIntLE(afterVersion);
    int lower = in.getUnsignedShortLE(afterVersion + 13);
    int status = in.getUnsignedShortLE(afterVersion + 16);
    long upper = in.getUnsignedShortLE(afterVersion + 18);
    long capabilities = lower | upper << 16;
    if (isMariaDb(capabilities, in, afterVersion)) {
      capabilities |= in.getUnsignedIntLE(afterVersion + EXTENDED) << 32;
    }
    return new Handshake(version, id, capabilities, status);
  }

  /** Whether the server is a MariaDB, by what it calls itself. */
  public boolean isMariaDb() {
    return serverVersion.contains("MariaDB");
  }

  /** Hides from the client, in place, what would change the dialogue in a way unknown here. */
  public static void hideUnknown(ByteBuf in) {
    int afterVersion = endOfVersion(in);
    long lower = in.getUnsignedShortLE(afterVersion + 13);
    int upper = in.getUnsignedShortLE(afterVersion + 18);
    if (isMariaDb(lower, in, afterVersion)) {
      int at = afterVersion + EXTENDED;
      in.setIntLE(at, in.getIntLE(at) & (int) (Capabilities.MARIADB_UNDERSTOOD >>> 32));
    } else {
      in.setShortLE(
          afterVersion + 18, upper & (int) (~Capabilities.MARIADB_OLD_PROGRESS >>> 16) & 0xFFFF);
    }
  }

  private static boolean isMariaDb(long capabilities, ByteBuf in, int afterVersion) {
    return (capabilities & Capabilities.MYSQL) == 0
        && in.writerIndex() >= afterVersion + EXTENDED + 4;
  }

  private static int endOfVersion(ByteBuf in) {
    Lenenc.require(in, 1);
    if (in.getUnsignedByte(in.readerIndex()) != PROTOCOL) {
      throw new MalformedPacketException("the greeting is not of protocol version 10");
    }
    int end = in.indexOf(in.readerIndex() + 1, in.writerIndex(), (byte) 0);
    if (end < 0 || in.writerIndex() - end < 21) {
      throw new MalformedPacketException("the greeting is too short");
    }
    return end + 1;
  }
}

package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * "Protocol::HandshakeResponse41" without its authentication data.
 *
 * @param capabilities what the client wants
 * @param collation the connection's collation id
 * @param user the user name
 * @param database the initial database, empty when none
 */
public record HandshakeResponse(long capabilities, int collation, String user, String database) {
  /** The length of an SSLRequest, which is a HandshakeResponse41 cut after its fixed part. */
  public static final int SSL_REQUEST = 32;

  /**
   * The capabilities at the beginning of a HandshakeResponse41 or SSLRequest.
   *
   * @throws MalformedPacketException when the packet is older than that
   */
  public static long capabilities(ByteBuf in) {
    Lenenc.require(in, 2);
    if ((in.getUnsignedShortLE(in.readerIndex()) & Capabilities.PROTOCOL_41) == 0) {
      throw new MalformedPacketException("the client is older than MySQL 4.1");
    }
    Lenenc.require(in, SSL_REQUEST);
    return in.getUnsignedIntLE(in.readerIndex());
  }

  /**
   * Decodes a payload.
   *
   * @throws MalformedPacketException when it is cut short
   */
  public static HandshakeResponse decode(ByteBuf in) {
    long capabilities = capabilities(in);
    int collation = in.getUnsignedByte(in.readerIndex() + 8);
    in.skipBytes(SSL_REQUEST);
    String user = readNulTerminated(in);
    if (Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH_LENENC_DATA)) {
      Lenenc.skipBytes(in);
    } else if (Capabilities.has(capabilities, Capabilities.SECURE_CONNECTION)) {
      Lenenc.require(in, 1);
      int length = in.readUnsignedByte();
      Lenenc.require(in, length);
      in.skipBytes(length);
    } else {
      readNulTerminated(in);
    }
    String database =
        Capabilities.has(capabilities, Capabilities.CONNECT_WITH_DB) && in.isReadable()
            ? readNulTerminated(in)
            : "";
    return new HandshakeResponse(capabilities, collation, user, database);
  }

  /** Reads a string up to its NUL, or up to the end of the packet. */
  static String readNulTerminated(ByteBuf in) {
    int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) 0);
    int length = (end < 0 ? in.writerIndex() : end) - in.readerIndex();
    String text = in.readCharSequence(length, StandardCharsets.UTF_8).toString();
    if (end >= 0) {
      in.skipBytes(1);
    }
    return text;
  }
}

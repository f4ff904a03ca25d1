package io.crossfade.server.protocol;

import io.crossfade.server.frame.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * "Protocol::HandshakeResponse41" without its authentication data.
 *
 * @param capabilities what the client wants
 * @param collation the connection's collation id
 * @param user the user name
 * @param database the initial database, empty when none
 * @param zstdLevel the level of zstd compression, 0 when there is none
 */
public record HandshakeResponse(
    long capabilities, int collation, String user, String database, int zstdLevel) {
  /** The length of an SSLRequest, which is a HandshakeResponse41 cut after its fixed part. */
  public static final int SSL_REQUEST = 32;

  /** Where a client of MariaDB puts its extended capabilities. */
  private static final int EXTENDED = 28;

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
    long capabilities = in.getUnsignedIntLE(in.readerIndex());
    return (capabilities & Capabilities.MYSQL) != 0
        ? capabilities
        : capabilities | in.getUnsignedIntLE(in.readerIndex() + EXTENDED) << 32;
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
    int zstdLevel = 0;
    if (Capabilities.has(capabilities, Capabilities.ZSTD_COMPRESSION)) {
      skipToZstdLevel(in, capabilities);
      zstdLevel = in.isReadable() ? in.readUnsignedByte() : 0;
    }
    return new HandshakeResponse(capabilities, collation, user, database, zstdLevel);
  }

  /** From after the database: the level of compression is the last of all. */
  private static void skipToZstdLevel(ByteBuf in, long capabilities) {
    if (Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH)) {
      readNulTerminated(in);
    }
    if (Capabilities.has(capabilities, Capabilities.CONNECT_ATTRS) && in.isReadable()) {
      Lenenc.skipBytes(in);
    }
  }

  /**
   * Makes a packet, header included, what it would be if its client did not want compression: the
   * flags are cleared and the level is cut out, in place. Nothing else changes.
   *
   * @throws MalformedPacketException when it is cut short
   */
  public static void removeCompression(ByteBuf packet) {
    ByteBuf payload = packet.slice().skipBytes(Frames.HEADER);
    long flags = capabilities(payload);
    if (Capabilities.has(flags, Capabilities.ZSTD_COMPRESSION)
        && payload.readableBytes() > SSL_REQUEST) {
      int length = payload.readableBytes();
      int zstdLevel = decode(payload).zstdLevel();
      if (zstdLevel > 0) {
        int after = packet.readerIndex() + Frames.HEADER + length - payload.readableBytes();
        packet.setBytes(after - 1, ByteBufUtil.getBytes(payload));
        packet.writerIndex(packet.writerIndex() - 1);
        packet.setMediumLE(packet.readerIndex(), length - 1);
      }
    }
    packet.setIntLE(packet.readerIndex() + Frames.HEADER, (int) (flags & ~Compression.FLAGS));
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

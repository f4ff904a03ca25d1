package io.crossfade.server.protocol;

import io.netty.buffer.ByteBuf;

/** Length-encoded integers and strings: "Protocol::LengthEncodedInteger" in the manual. */
public final class Lenenc {
  private Lenenc() {}

  /**
   * Reads an integer.
   *
   * @throws MalformedPacketException when the first byte is 0xFB or 0xFF, or bytes are missing
   */
  public static long readInt(ByteBuf in) {
    require(in, 1);
    int first = in.readUnsignedByte();
    if (first < 0xFB) {
      return first;
    }
    int more = first == 0xFC ? 2 : first == 0xFD ? 3 : first == 0xFE ? 8 : -1;
    if (more < 0) {
      throw new MalformedPacketException("not a length-encoded integer");
    }
    require(in, more);
    return switch (more) {
      case 2 -> in.readUnsignedShortLE();
      case 3 -> in.readUnsignedMediumLE();
      default -> in.readLongLE();
    };
  }

  /** Reads a string as bytes. */
  public static byte[] readBytes(ByteBuf in) {
    byte[] bytes = new byte[readLength(in)];
    in.readBytes(bytes);
    return bytes;
  }

  /** Skips a string. */
  public static void skipBytes(ByteBuf in) {
    in.skipBytes(readLength(in));
  }

  private static int readLength(ByteBuf in) {
    long length = readInt(in);
    if (length < 0 || length > in.readableBytes()) {
      throw new MalformedPacketException("a string is longer than its packet");
    }
    return (int) length;
  }

  /** Writes an integer. */
  public static void writeInt(ByteBuf out, long value) {
    if (value >= 0 && value < 0xFB) {
      out.writeByte((int) value);
    } else if (value >= 0 && value < 1 << 16) {
      out.writeByte(0xFC);
      out.writeShortLE((int) value);
    } else if (value >= 0 && value < 1 << 24) {
      out.writeByte(0xFD);
      out.writeMediumLE((int) value);
    } else {
      out.writeByte(0xFE);
      out.writeLongLE(value);
    }
  }

  /** Writes a string. */
  public static void writeBytes(ByteBuf out, byte[] value) {
    writeInt(out, value.length);
    out.writeBytes(value);
  }

  /**
   * Checks that {@code count} more bytes can be read.
   *
   * @throws MalformedPacketException when not
   */
  static void require(ByteBuf in, long count) {
    if (count < 0 || in.readableBytes() < count) {
      throw new MalformedPacketException("a packet is too short");
    }
  }
}

package io.crossfade.server.frame;

import io.netty.buffer.ByteBuf;

/** Writes and measures packets. See "MySQL Packets" in the manual. */
public final class Frames {
  /** Bytes of a packet's header: three of length, one of sequence id. */
  public static final int HEADER = 4;

  /** The longest payload of one packet; a packet of this length is continued by the next one. */
  public static final int MAX_PAYLOAD = 0xFF_FFFF;

  private Frames() {}

  /** Writes one header. */
  public static void writeHeader(ByteBuf out, int length, int sequence) {
    out.writeMediumLE(length);
    out.writeByte(sequence);
  }

  /**
   * Writes a payload, split into as many packets as it needs.
   *
   * @return the sequence id that follows
   */
  public static int write(ByteBuf out, int sequence, byte[] payload) {
    int from = 0;
    int next = sequence;
    int length;
    do {
      length = Math.min(MAX_PAYLOAD, payload.length - from);
      writeHeader(out, length, next);
      out.writeBytes(payload, from, length);
      from += length;
      next = (next + 1) & 0xFF;
    } while (length == MAX_PAYLOAD);
    return next;
  }

  /**
   * Splits what was written since {@code start}, the index of a header's room followed by a payload
   * that is complete, into packets and fills in their headers.
   *
   * @return the sequence id that follows
   */
  public static int finish(ByteBuf out, int start, int sequence) {
    int length = out.writerIndex() - start - HEADER;
    if (length < MAX_PAYLOAD) {
      out.setMediumLE(start, length);
      out.setByte(start + 3, sequence);
      return (sequence + 1) & 0xFF;
    }
    byte[] payload = new byte[length];
    out.getBytes(start + HEADER, payload);
    out.writerIndex(start);
    return write(out, sequence, payload);
  }
}

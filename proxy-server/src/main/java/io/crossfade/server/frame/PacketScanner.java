package io.crossfade.server.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Walks over a stream of packets that arrives in arbitrary pieces, without copying what lies whole
 * in one piece. A packet that spans pieces has its first bytes kept, up to {@link #keep}.
 *
 * <p>Event-loop confined. What {@link #bytes} returns is valid until the next call of {@link
 * #next}.
 */
public final class PacketScanner {
  /** From here on a first byte may say that the rows have ended. */
  private static final int NOT_A_ROW = 0xFE;

  /** Up to so many kept bytes use the same memory again. */
  private static final int SMALL = 64;

  private final byte[] header = new byte[Frames.HEADER];
  private int headerBytes;
  private int remaining;
  private boolean inPayload;
  private int length;
  private int sequence;
  private boolean continuation;
  private boolean continues;
  private int keep = Integer.MAX_VALUE;
  private ByteBuf kept = Unpooled.EMPTY_BUFFER;
  private ByteBuf small = Unpooled.EMPTY_BUFFER;
  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
  private int offset;
  private int available;

  /** How many first bytes of a packet that spans pieces are kept from now on. */
  public void keep(int limit) {
    keep = limit;
  }

  /**
   * Moves {@code in}'s reader index to the end of the packet that ends next.
   *
   * @return whether one ended; when false, all of {@code in} was consumed
   */
  public boolean next(ByteBuf in) {
    if (headerBytes == 0 && !inPayload && in.readableBytes() >= Frames.HEADER) {
      int at = in.readerIndex();
      begin(in.getUnsignedMediumLE(at), in.getUnsignedByte(at + 3));
      if (in.readableBytes() - Frames.HEADER >= length) {
        in.skipBytes(Frames.HEADER + length);
        finish(in, at + Frames.HEADER, length);
        return true;
      }
      in.skipBytes(Frames.HEADER);
      inPayload = true;
    }
    return nextSpanning(in);
  }

  /**
   * Moves {@code in}'s reader index over packets that lie whole in it and are nothing but one row:
   * neither empty nor continued, and their first byte is neither 0xFE nor 0xFF. Stops at the first
   * other one, which {@link #next} takes. Only {@link #sequence} is of the last one then. Allocates
   * nothing.
   */
  public void skipRows(ByteBuf in) {
    if (!atBoundary()) {
      return;
    }
    int end = in.writerIndex();
    int at = in.readerIndex();
    int last = -1;
    while (end - at >= Long.BYTES) {
      // The header and the first byte of the payload at once.
      long word = in.getLongLE(at);
      int rowLength = (int) word & Frames.MAX_PAYLOAD;
      int first = (int) (word >>> 32) & 0xFF;
      if (first >= NOT_A_ROW
          || rowLength == 0
          || rowLength == Frames.MAX_PAYLOAD
          || rowLength > end - at - Frames.HEADER) {
        break;
      }
      last = at;
      at += Frames.HEADER + rowLength;
    }
    if (last >= 0) {
      sequence = in.getUnsignedByte(last + 3);
    }
    in.readerIndex(at);
  }

  private boolean nextSpanning(ByteBuf in) {
    while (!inPayload) {
      if (!in.isReadable()) {
        return false;
      }
      header[headerBytes++] = in.readByte();
      if (headerBytes == Frames.HEADER) {
        begin(
            (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16,
            header[3] & 0xFF);
        inPayload = true;
      }
    }
    int part = Math.min(remaining, in.readableBytes());
    int room = Math.min(part, Math.min(keep, length) - kept.readableBytes());
    if (room > 0) {
      if (kept == Unpooled.EMPTY_BUFFER) {
        kept = newKept(Math.min(keep, length));
      }
      kept.writeBytes(in, in.readerIndex(), room);
    }
    in.skipBytes(part);
    remaining -= part;
    if (remaining > 0) {
      return false;
    }
    ByteBuf whole = kept;
    finish(whole, 0, whole.readableBytes());
    return true;
  }

  private ByteBuf newKept(int size) {
    if (size > SMALL) {
      return Unpooled.buffer(size);
    }
    if (small == Unpooled.EMPTY_BUFFER) {
      small = Unpooled.buffer(SMALL);
    }
    return small.clear();
  }

  private void begin(int newLength, int newSequence) {
    length = newLength;
    sequence = newSequence;
    remaining = newLength;
    continuation = continues;
    continues = newLength == Frames.MAX_PAYLOAD;
    kept = Unpooled.EMPTY_BUFFER;
  }

  private void finish(ByteBuf from, int at, int count) {
    headerBytes = 0;
    inPayload = false;
    bytes = from;
    offset = at;
    available = count;
  }

  /** The payload length of the packet that just ended. */
  public int length() {
    return length;
  }

  /** The sequence id of the packet that just ended. */
  public int sequence() {
    return sequence;
  }

  /** Whether the packet that just ended continues the payload of the one before it. */
  public boolean continuation() {
    return continuation;
  }

  /** Whether the payload of the packet that just ended goes on in the next one. */
  public boolean continues() {
    return continues;
  }

  /** Where the payload of the packet that just ended can be read, at {@link #offset}. */
  public ByteBuf bytes() {
    return bytes;
  }

  /** Where the payload begins in {@link #bytes}. */
  public int offset() {
    return offset;
  }

  /** How many bytes of the payload can be read: all of them, or as many as were kept. */
  public int available() {
    return available;
  }

  /** The first byte of the payload, or -1 when it is empty. */
  public int first() {
    return available == 0 ? -1 : bytes.getUnsignedByte(offset);
  }

  /** A view of the payload, or of as much of it as was kept. */
  public ByteBuf payload() {
    return bytes.slice(offset, available);
  }

  /** Whether the stream stands between two packets, the last of them complete. */
  public boolean atBoundary() {
    return headerBytes == 0 && !inPayload && !continues;
  }
}

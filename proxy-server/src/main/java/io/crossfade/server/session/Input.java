package io.crossfade.server.session;

import io.crossfade.server.frame.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** Bytes of one leg that were not used yet. Copies only what arrives in pieces. */
final class Input {
  private final ByteBufAllocator alloc = ByteBufAllocator.DEFAULT;
  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

  /** Appends a buffer and takes over its reference. */
  void add(ByteBuf in) {
    bytes =
        bytes.isReadable()
            ? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, bytes, in)
            : replace(in);
  }

  private ByteBuf replace(ByteBuf in) {
    bytes.release();
    return in;
  }

  /** The bytes; what is read from here is used. */
  ByteBuf bytes() {
    return bytes;
  }

  /** The payload length of the packet that begins here, or -1 while its header is not complete. */
  int packetLength() {
    return bytes.readableBytes() < Frames.HEADER
        ? -1
        : bytes.getUnsignedMediumLE(bytes.readerIndex());
  }

  /** Whether the packet that begins here, with a payload of {@code length} bytes, is complete. */
  boolean holds(int length) {
    return bytes.readableBytes() >= Frames.HEADER + length;
  }

  /** Takes the next packet, header included; null while it is not complete. */
  @Nullable ByteBuf takePacket() {
    int length = packetLength();
    return length < 0 || !holds(length) ? null : take(Frames.HEADER + length);
  }

  /** Takes {@code length} bytes without copying them. */
  ByteBuf take(int length) {
    if (length == bytes.readableBytes()) {
      return takeAll();
    }
    return bytes.readRetainedSlice(length);
  }

  /** Takes all bytes. */
  ByteBuf takeAll() {
    ByteBuf all = bytes;
    bytes = Unpooled.EMPTY_BUFFER;
    return all;
  }

  boolean isEmpty() {
    return !bytes.isReadable();
  }

  void release() {
    bytes.release();
    bytes = Unpooled.EMPTY_BUFFER;
  }
}

package io.crossfade.server.compress;

import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.Compression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Packets, given in arbitrary pieces, to compressed packets. What is written is gathered until it
 * is flushed or {@link #PIECE} is reached; the answer to another command begins another compressed
 * packet. Event-loop confined.
 */
final class CompressedEncoder {
  /** The longest content of a compressed packet made here, far below the protocol's limit. */
  static final int PIECE = 1 << 16;

  private static final int FIRST_ROOM = 1 << 10;

  private final Compression compression;
  private final Numbering numbering;
  private final byte[] header = new byte[Frames.HEADER];
  private int headerBytes;
  private int rest;
  private boolean continues;
  private int number;
  private @Nullable ByteBuf gathered;

  CompressedEncoder(Compression compression, Numbering numbering) {
    this.compression = compression;
    this.numbering = numbering;
  }

  /** Gathers bytes and releases them; compressed packets that are full are written. */
  void write(ChannelHandlerContext ctx, ByteBuf in) {
    try {
      while (in.isReadable()) {
        if (rest > 0) {
          int part = Math.min(rest, Math.min(in.readableBytes(), room(ctx)));
          gathered(ctx).writeBytes(in, part);
          rest -= part;
        } else {
          header[headerBytes++] = in.readByte();
          if (headerBytes == Frames.HEADER) {
            begin(ctx);
          }
        }
      }
    } finally {
      in.release();
    }
  }

  private void begin(ChannelHandlerContext ctx) {
    headerBytes = 0;
    rest = (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16;
    int restart = numbering.sending(header[3] & 0xFF, continues);
    continues = rest == Frames.MAX_PAYLOAD;
    if (restart >= 0) {
      emit(ctx, ctx.voidPromise());
      number = restart;
    }
    if (room(ctx) < Frames.HEADER) {
      emit(ctx, ctx.voidPromise());
    }
    gathered(ctx).writeBytes(header);
  }

  private int room(ChannelHandlerContext ctx) {
    ByteBuf now = gathered;
    if (now != null && now.readableBytes() == PIECE) {
      emit(ctx, ctx.voidPromise());
      return PIECE;
    }
    return now == null ? PIECE : PIECE - now.readableBytes();
  }

  private ByteBuf gathered(ChannelHandlerContext ctx) {
    ByteBuf now = gathered;
    if (now == null) {
      now = ctx.alloc().directBuffer(FIRST_ROOM, PIECE);
      gathered = now;
    }
    return now;
  }

  /** Writes what was gathered; {@code promise} is fulfilled when all written so far was sent. */
  void emit(ChannelHandlerContext ctx, ChannelPromise promise) {
    ByteBuf plain = gathered;
    if (plain == null) {
      if (!promise.isVoid()) {
        ctx.write(Unpooled.EMPTY_BUFFER, promise);
      }
      return;
    }
    gathered = null;
    ByteBuf out;
    try {
      out = compressed(ctx, plain);
    } finally {
      plain.release();
    }
    numbering.sent(number);
    number = (number + 1) & 0xFF;
    ctx.write(out, promise);
  }

  private ByteBuf compressed(ChannelHandlerContext ctx, ByteBuf plain) {
    int length = plain.readableBytes();
    ByteBuf out = ctx.alloc().directBuffer(CompressedHeader.LENGTH + length);
    out.writerIndex(CompressedHeader.LENGTH);
    boolean shorter =
        length >= CompressedHeader.WORTHWHILE
            && Codecs.ofThread()
                .compressor(compression.algorithm())
                .compress(plain, out, compression.level());
    if (!shorter) {
      out.writeBytes(plain, plain.readerIndex(), length);
    }
    int end = out.writerIndex();
    out.writerIndex(0);
    CompressedHeader.write(out, end - CompressedHeader.LENGTH, number, shorter ? length : 0);
    out.writerIndex(end);
    return out;
  }

  /** Whether the last packet given is complete. */
  boolean atBoundary() {
    return rest == 0 && headerBytes == 0 && !continues;
  }

  /** Whatever is written next is counted from here. */
  void renumber(ChannelHandlerContext ctx, int from) {
    emit(ctx, ctx.voidPromise());
    number = from;
  }

  /** Releases what was gathered. Idempotent. */
  void close() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }
}

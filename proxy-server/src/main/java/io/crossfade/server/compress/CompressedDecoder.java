package io.crossfade.server.compress;

import io.crossfade.server.protocol.Compression.Algorithm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Compressed packets, arriving in arbitrary pieces, to the bytes inside. Neither a compressed
 * packet nor its content is ever held whole. Event-loop confined.
 */
final class CompressedDecoder {
  /** The longest piece given out at once. */
  static final int PIECE = 1 << 16;

  /** A decompressor that saw a longer content is not kept. */
  private static final int MODEST = 1 << 18;

  private final Algorithm algorithm;
  private final Numbering numbering;
  private final InnerPackets inner;
  private final int[] header = new int[CompressedHeader.LENGTH];
  private int headerBytes;
  private int rest;
  private int plainRest;
  private boolean modest;
  private boolean outputLeft;
  private @Nullable Decompressor decompressor;

  CompressedDecoder(Algorithm algorithm, Numbering numbering) {
    this.algorithm = algorithm;
    this.numbering = numbering;
    inner = new InnerPackets(numbering);
  }

  /** Whether there may be output without further input. */
  boolean outputLeft() {
    return outputLeft;
  }

  /**
   * Takes the next piece out of {@code in}.
   *
   * @return the piece, for the caller to release; null when more input is needed, and all of {@code
   *     in} was used
   * @throws CompressionException when {@code in} is not what it should be
   */
  @Nullable ByteBuf next(ByteBuf in, ByteBufAllocator alloc) {
    while (headerBytes == CompressedHeader.LENGTH || readHeader(in)) {
      ByteBuf piece = decompressor == null ? stored(in) : compressed(in, decompressor, alloc);
      if (piece != null) {
        inner.pass(piece);
        return piece;
      }
      if (!in.isReadable() && headerBytes == CompressedHeader.LENGTH) {
        return null;
      }
    }
    return null;
  }

  private boolean readHeader(ByteBuf in) {
    while (in.isReadable() && headerBytes < CompressedHeader.LENGTH) {
      header[headerBytes++] = in.readUnsignedByte();
    }
    if (headerBytes < CompressedHeader.LENGTH) {
      return false;
    }
    numbering.received(header[3]);
    rest = header[0] | header[1] << 8 | header[2] << 16;
    plainRest = header[4] | header[5] << 8 | header[6] << 16;
    if (plainRest > 0) {
      if (rest == 0) {
        throw new CompressionException("a compressed packet without content");
      }
      modest = plainRest <= MODEST;
      decompressor = Codecs.ofThread().borrow(algorithm);
    } else if (rest == 0) {
      headerBytes = 0;
      return readHeader(in);
    }
    return true;
  }

  private @Nullable ByteBuf stored(ByteBuf in) {
    int length = Math.min(rest, Math.min(PIECE, in.readableBytes()));
    if (length == 0) {
      return null;
    }
    rest -= length;
    if (rest == 0) {
      headerBytes = 0;
    }
    return in.readRetainedSlice(length);
  }

  private @Nullable ByteBuf compressed(ByteBuf in, Decompressor stream, ByteBufAllocator alloc) {
    if (!in.isReadable() && !outputLeft) {
      return null;
    }
    // One byte more than there should be: content that is too long shows itself.
    int room = Math.min(PIECE, plainRest + 1);
    ByteBuf out = alloc.directBuffer(room, room);
    boolean given = false;
    try {
      ByteBuf source = in.slice(in.readerIndex(), Math.min(rest, in.readableBytes()));
      boolean ended = stream.decompress(source, out);
      in.skipBytes(source.readerIndex());
      rest -= source.readerIndex();
      plainRest -= out.readableBytes();
      outputLeft = !ended && !out.isWritable();
      if (!ended && source.isReadable() && !outputLeft) {
        throw new CompressionException("the content of a compressed packet does not end");
      }
      checkLengths(ended);
      if (ended) {
        headerBytes = 0;
        decompressor = null;
        Codecs.ofThread().giveBack(algorithm, stream, modest);
      }
      given = out.isReadable();
      return given ? out : null;
    } finally {
      if (!given) {
        out.release();
      }
    }
  }

  private void checkLengths(boolean ended) {
    if (plainRest < 0 || (ended && (plainRest > 0 || rest > 0))) {
      throw new CompressionException("the content of a compressed packet has another length");
    }
    if (!ended && rest == 0 && !outputLeft) {
      throw new CompressionException("the content of a compressed packet is cut short");
    }
  }

  /** Gives back what is held. Idempotent. */
  void close() {
    outputLeft = false;
    if (decompressor != null) {
      Codecs.ofThread().giveBack(algorithm, decompressor, false);
      decompressor = null;
      headerBytes = 0;
    }
  }
}

package io.crossfade.server.compress;

import io.netty.buffer.ByteBuf;

/** Decompresses one stream at a time, piece by piece. One thread at a time. */
interface Decompressor extends AutoCloseable {
  /**
   * Decompresses what there is, until {@code in} is used up or {@code out} is full.
   *
   * @param in what comes next; may be empty while output is left from before
   * @param out direct, with room
   * @return whether the stream has ended, and all of it is in {@code out}
   * @throws CompressionException when this is not such a stream
   */
  boolean decompress(ByteBuf in, ByteBuf out);

  /** Makes ready for another stream. */
  void reset();

  @Override
  void close();
}

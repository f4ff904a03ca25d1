package io.crossfade.server.compress;

import io.netty.buffer.ByteBuf;

/** Compresses whole pieces. Used by one thread. */
interface Compressor extends AutoCloseable {
  /**
   * Appends {@code in}, compressed, to {@code out}.
   *
   * @param in direct; not moved
   * @param out direct, with as much room as {@code in} has bytes
   * @return whether the outcome is shorter; when not, {@code out} is unchanged
   */
  boolean compress(ByteBuf in, ByteBuf out, int level);

  @Override
  void close();
}

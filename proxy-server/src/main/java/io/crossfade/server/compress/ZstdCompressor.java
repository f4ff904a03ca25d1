package io.crossfade.server.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;

/** RFC 8878: a frame that says how long its content is. */
final class ZstdCompressor implements Compressor {
  private final ZstdCompressCtx context = new ZstdCompressCtx();

  @Override
  public boolean compress(ByteBuf in, ByteBuf out, int level) {
    int length = in.readableBytes();
    ByteBuf room = out.alloc().directBuffer((int) Zstd.compressBound(length));
    try {
      context.setLevel(level);
      int compressed = context.compress(room.nioBuffer(0, room.capacity()), in.nioBuffer());
      if (compressed >= length) {
        return false;
      }
      out.writeBytes(room, 0, compressed);
      return true;
    } finally {
      room.release();
    }
  }

  @Override
  public void close() {
    context.close();
  }
}

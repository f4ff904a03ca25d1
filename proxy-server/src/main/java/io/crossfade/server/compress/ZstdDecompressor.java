package io.crossfade.server.compress;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** RFC 8878: one frame. Its header is checked before it may make the library take memory. */
final class ZstdDecompressor implements Decompressor {
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private ZstdFrameHeader header = new ZstdFrameHeader();

  @Override
  public boolean decompress(ByteBuf in, ByteBuf out) {
    for (int i = in.readerIndex(); i < in.writerIndex() && !header.complete(); i++) {
      header.accept(in.getUnsignedByte(i));
    }
    if (in.isDirect() && in.nioBufferCount() == 1) {
      return stream(in, out);
    }
    ByteBuf direct = in.alloc().directBuffer(in.readableBytes());
    try {
      direct.writeBytes(in, in.readerIndex(), in.readableBytes());
      boolean ended = stream(direct, out);
      in.skipBytes(direct.readerIndex());
      return ended;
    } finally {
      direct.release();
    }
  }

  private boolean stream(ByteBuf in, ByteBuf out) {
    ByteBuffer source = in.nioBuffer();
    ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
    int sourceBegin = source.position();
    int roomBegin = room.position();
    boolean ended;
    try {
      ended = context.decompressDirectByteBufferStream(room, source);
    } catch (ZstdException e) {
      throw new CompressionException("not a zstd frame: " + e.getMessage());
    }
    in.skipBytes(source.position() - sourceBegin);
    out.writerIndex(out.writerIndex() + room.position() - roomBegin);
    return ended;
  }

  @Override
  public void reset() {
    context.reset();
    header = new ZstdFrameHeader();
  }

  @Override
  public void close() {
    context.close();
  }
}

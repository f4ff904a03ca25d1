package io.crossfade.server.compress;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** RFC 1950, at zlib's own default level, which MySQL leaves alone too. */
final class ZlibCompressor implements Compressor {
  private final Deflater deflater = new Deflater();

  @Override
  public boolean compress(ByteBuf in, ByteBuf out, int level) {
    deflater.reset();
    deflater.setInput(in.nioBuffer());
    deflater.finish();
    ByteBuffer room = out.nioBuffer(out.writerIndex(), in.readableBytes() - 1);
    int length = deflater.deflate(room);
    if (!deflater.finished()) {
      return false;
    }
    out.writerIndex(out.writerIndex() + length);
    return true;
  }

  @Override
  public void close() {
    deflater.end();
  }
}

package io.crossfade.server.compress;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** RFC 1950. */
final class ZlibDecompressor implements Decompressor {
  private final Inflater inflater = new Inflater();

  @Override
  public boolean decompress(ByteBuf in, ByteBuf out) {
    ByteBuffer source = in.nioBuffer();
    int begin = source.position();
    inflater.setInput(source);
    try {
      int length = inflater.inflate(out.nioBuffer(out.writerIndex(), out.writableBytes()));
      out.writerIndex(out.writerIndex() + length);
    } catch (DataFormatException e) {
      throw new CompressionException("not a zlib stream: " + e.getMessage());
    }
    in.skipBytes(source.position() - begin);
    if (inflater.needsDictionary()) {
      throw new CompressionException("a zlib stream with a dictionary");
    }
    return inflater.finished();
  }

  @Override
  public void reset() {
    inflater.reset();
  }

  @Override
  public void close() {
    inflater.end();
  }
}

package io.crossfade.server.session;

import io.crossfade.server.protocol.Compression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A leg that keeps what was written to it. */
final class FakePort implements ClientPort, BackendPort {
  boolean writable = true;
  boolean tls;
  boolean local;
  @Nullable Compression compression;
  String earlyCompressed = "";
  boolean closed;
  boolean finished;
  int reads;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @Override
  public void write(ByteBuf bytes) {
    written.writeBytes(ByteBufUtil.getBytes(bytes));
    bytes.release();
  }

  /** What was written since the last call, in hexadecimal. */
  String taken() {
    String hex = ByteBufUtil.hexDump(written.toByteArray());
    written.reset();
    return hex;
  }

  @Override
  public void flush() {}

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public void read() {
    reads++;
  }

  @Override
  public boolean local() {
    return local;
  }

  @Override
  public void startTls(ByteBuf early) {
    early.release();
    tls = true;
  }

  @Override
  public void startCompression(Compression agreed, ByteBuf early) {
    earlyCompressed = ByteBufUtil.hexDump(early);
    early.release();
    compression = agreed;
  }

  @Override
  public void finish() {
    finished = true;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public SocketAddress address() {
    return new InetSocketAddress("127.0.0.1", 1);
  }
}

package io.crossfade.server.fuzz;

import io.crossfade.server.protocol.Compression;
import io.crossfade.server.session.BackendPort;
import io.crossfade.server.session.ClientPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** One leg: hands what is written to {@code sink}, and keeps whether the session wants to read. */
final class Leg implements ClientPort, BackendPort {
  private static final SocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 1);

  private final Consumer<byte[]> sink;
  boolean writable = true;
  boolean wanted;
  boolean tls;
  boolean closed;

  Leg(Consumer<byte[]> sink) {
    this.sink = sink;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (bytes.refCnt() < 1) {
      throw new AssertionError("a released buffer is written");
    }
    byte[] copy = ByteBufUtil.getBytes(bytes);
    bytes.release();
    if (!closed) {
      sink.accept(copy);
    }
  }

  @Override
  public void flush() {}

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public void read() {
    if (wanted) {
      throw new AssertionError("a read is asked for twice");
    }
    wanted = true;
  }

  @Override
  public void startTls(ByteBuf early) {
    early.release();
    tls = true;
  }

  @Override
  public void startCompression(Compression agreed, ByteBuf early) {
    throw new AssertionError("compression was not offered");
  }

  @Override
  public void close() {
    if (closed) {
      throw new AssertionError("a leg is closed twice");
    }
    closed = true;
  }

  @Override
  public SocketAddress address() {
    return ADDRESS;
  }
}

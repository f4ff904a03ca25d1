package io.crossfade.server.backend;

import io.crossfade.server.session.Port;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A leg that is a Netty channel. */
public abstract class ChannelPort implements Port {
  /** How long the other side may take to read what was sent last. */
  private static final int CLOSE_LIMIT_SECONDS = 10;

  private final Channel channel;
  private final Supplier<SslHandler> tls;
  private boolean queued;

  /** {@code tls} makes the handler when TLS is started. */
  public ChannelPort(Channel channel, Supplier<SslHandler> tls) {
    this.channel = channel;
    this.tls = tls;
  }

  /** The channel. */
  protected Channel channel() {
    return channel;
  }

  @Override
  public void write(ByteBuf bytes) {
    queued = true;
    channel.write(bytes, channel.voidPromise());
  }

  @Override
  public void flush() {
    if (queued) {
      queued = false;
      channel.flush();
    }
  }

  @Override
  public void finish() {
    queued = false;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
              }
            });
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void read() {
    channel.read();
  }

  @Override
  public boolean local() {
    return channel instanceof DomainSocketChannel;
  }

  @Override
  public void startTls(ByteBuf early) {
    channel.pipeline().addFirst(tls.get());
    if (early.isReadable()) {
      channel.pipeline().fireChannelRead(early);
      channel.pipeline().fireChannelReadComplete();
    } else {
      early.release();
    }
  }

  /** Puts a handler between TLS and the session. */
  protected void addNextToSession(ChannelHandler handler) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addBefore(pipeline.lastContext().name(), null, handler);
  }

  @Override
  public void close() {
    if (!channel.isActive()) {
      channel.close();
      return;
    }
    ChannelFuture flushed = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    flushed.addListener(ChannelFutureListener.CLOSE);
    if (!flushed.isDone()) {
      Future<?> limit =
          channel
              .eventLoop()
              .schedule(() -> channel.close(), CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS);
      channel.closeFuture().addListener(closed -> limit.cancel(false));
    }
  }
}

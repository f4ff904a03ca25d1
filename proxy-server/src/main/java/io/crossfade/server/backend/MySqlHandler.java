package io.crossfade.server.backend;

import io.crossfade.server.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/** Tells the session what happens on its leg to MySQL. */
public final class MySqlHandler extends ChannelInboundHandlerAdapter {
  private final Session session;
  private final Consumer<Throwable> tlsFailed;

  /** For one session; {@code tlsFailed} is told why a TLS handshake failed. */
  public MySqlHandler(Session session, Consumer<Throwable> tlsFailed) {
    this.session = session;
    this.tlsFailed = tlsFailed;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    session.onServer((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    session.onServerReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      session.onWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done
        && !done.isSuccess()
        && !(done.cause() instanceof ClosedChannelException)) {
      tlsFailed.accept(done.cause());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    session.onServerClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    session.onFailure("mysql", cause);
  }
}

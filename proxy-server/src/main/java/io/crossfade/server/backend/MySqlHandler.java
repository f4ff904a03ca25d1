package io.crossfade.server.backend;

import io.crossfade.server.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Tells the session what happens on its leg to MySQL. */
public final class MySqlHandler extends ChannelInboundHandlerAdapter {
  private final Session session;

  /** For one session. */
  public MySqlHandler(Session session) {
    this.session = session;
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
  public void channelInactive(ChannelHandlerContext context) {
    session.onServerClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    session.onFailure("mysql", cause);
  }
}

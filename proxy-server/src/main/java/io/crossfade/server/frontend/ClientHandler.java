package io.crossfade.server.frontend;

import io.crossfade.server.backend.MySqlConnector;
import io.crossfade.server.backend.MySqlHandler;
import io.crossfade.server.session.Session;
import io.crossfade.server.session.SessionContext;
import io.crossfade.server.session.SessionErrors;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects a new client to MySQL, then tells the session what happens on the client's leg. */
final class ClientHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClientHandler.class);

  private final RelayServer server;
  private final SessionContext context;
  private final MySqlConnector connector;
  private final SslContext tls;
  private @Nullable Session session;
  private boolean admitted;

  ClientHandler(
      RelayServer server, SessionContext context, MySqlConnector connector, SslContext tls) {
    this.server = server;
    this.context = context;
    this.connector = connector;
    this.tls = tls;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    admitted = server.admit(ctx.channel());
    if (!admitted) {
      ctx.writeAndFlush(SessionErrors.tooManyConnections().encode(ctx.alloc(), 0))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    Channel client = ctx.channel();
    connector
        .connect(client.eventLoop())
        .addListener((ChannelFuture connected) -> connected(client, connected));
  }

  private void connected(Channel client, ChannelFuture connected) {
    Channel mysql = connected.channel();
    if (!connected.isSuccess()) {
      server.connectFailed(connected.cause());
      client
          .writeAndFlush(SessionErrors.cannotConnect().encode(client.alloc(), 0))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    if (!client.isActive()) {
      mysql.close();
      return;
    }
    Session started =
        new Session(
            context, new ClientChannelPort(client, tls), connector.port(mysql), client.eventLoop());
    session = started;
    mysql.pipeline().addLast(new MySqlHandler(started));
    started.start();
  }

  /** Closes the session when it is idle; without a session at once. */
  void drain(Channel client) {
    if (session != null) {
      session.drain();
    } else {
      client.close();
    }
  }

  /** Closes the session at once. */
  void close(Channel client) {
    if (session != null) {
      session.close();
    } else {
      client.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (session != null) {
      session.onClient((ByteBuf) message);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (session != null) {
      session.onClientReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (session != null && ctx.channel().isWritable()) {
      session.onWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (session != null) {
      session.onClientClosed();
    }
    if (admitted) {
      server.gone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (session != null) {
      session.onFailure("client", cause);
    } else {
      LOGGER.atDebug().setCause(cause).log("a client connection failed");
      ctx.close();
    }
  }
}

package io.crossfade.server.frontend;

import io.crossfade.server.backend.MySqlConnector;
import io.crossfade.server.backend.MySqlHandler;
import io.crossfade.server.session.Session;
import io.crossfade.server.session.SessionContext;
import io.crossfade.server.session.SessionErrors;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns who a new client is, connects it to MySQL, then tells the session what happens on the
 * client's leg.
 */
final class ClientHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClientHandler.class);

  private final RelayServer server;
  private final SessionContext context;
  private final MySqlConnector connector;
  private final ClientTls tls;
  private @Nullable Session session;
  private @Nullable ByteBuf early;
  private @Nullable Future<?> loginLimit;
  private boolean headerAwaited;
  private boolean admitted;

  ClientHandler(
      RelayServer server, SessionContext context, MySqlConnector connector, ClientTls tls) {
    this.server = server;
    this.context = context;
    this.connector = connector;
    this.tls = tls;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel client = ctx.channel();
    admitted = server.admit(client);
    if (!admitted) {
      ctx.writeAndFlush(SessionErrors.tooManyConnections().encode(ctx.alloc(), 0))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    limitLogin(client);
    if (server.isProxy(client.remoteAddress())) {
      headerAwaited = true;
      ctx.pipeline().addBefore(ctx.name(), null, new HAProxyMessageDecoder());
      ctx.read();
    } else {
      connect(client, client.remoteAddress(), client.localAddress());
    }
  }

  private void limitLogin(Channel client) {
    loginLimit =
        client
            .eventLoop()
            .schedule(
                () -> loginTimeUp(client), server.loginLimit().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void loginTimeUp(Channel client) {
    if (headerAwaited) {
      server.neverIntroduced();
      client.close();
    } else if (session == null || !session.loginTimeUp()) {
      limitLogin(client);
    }
  }

  private void connect(Channel client, SocketAddress address, SocketAddress contacted) {
    connector
        .connect(client.eventLoop(), server.metrics().connectRetries()::increment)
        .addListener(
            (Future<Channel> connected) -> connected(client, connected, address, contacted));
  }

  private void connected(
      Channel client, Future<Channel> connected, SocketAddress address, SocketAddress contacted) {
    if (!connected.isSuccess()) {
      server.connectFailed(connected.cause());
      client
          .writeAndFlush(SessionErrors.cannotConnect().encode(client.alloc(), 0))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    Channel mysql = connected.getNow();
    if (!client.isActive()) {
      mysql.close();
      return;
    }
    Session started =
        new Session(
            context,
            new ClientChannelPort(client, address, () -> tls.newHandler(client)),
            connector.port(mysql, address, contacted),
            client.eventLoop());
    session = started;
    mysql.pipeline().addLast(new MySqlHandler(started, server::tlsToMysqlFailed));
    started.start();
    ByteBuf first = early;
    early = null;
    if (first != null) {
      started.onClient(first);
      started.onClientReadComplete();
    }
    if (server.draining()) {
      started.drain();
    }
  }

  /** Closes the session when it is idle; a login under way goes on. */
  void drain() {
    if (session != null) {
      session.drain();
    }
  }

  /** Ends the session at once; a client that waits for an answer gets MySQL's error 1053. */
  void shutDown(Channel client) {
    if (session != null) {
      session.shutDown();
    } else {
      client.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HAProxyMessage header) {
      introduced(ctx.channel(), header);
    } else if (session != null) {
      session.onClient((ByteBuf) message);
    } else if (early == null && ctx.channel().isActive()) {
      early = (ByteBuf) message;
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void introduced(Channel client, HAProxyMessage header) {
    headerAwaited = false;
    server.metrics().proxyHeaders().increment();
    try {
      SocketAddress source = ProxiedAddress.source(header);
      SocketAddress destination = ProxiedAddress.destination(header);
      connect(
          client,
          source == null ? client.remoteAddress() : source,
          destination == null ? client.localAddress() : destination);
    } finally {
      header.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (session != null) {
      session.onClientReadComplete();
    } else if (headerAwaited) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (session != null && ctx.channel().isWritable()) {
      session.onWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && !done.isSuccess()) {
      server.metrics().clientTlsFailures().increment();
    } else if (event == ChannelInputShutdownEvent.INSTANCE) {
      inputEnded(ctx.channel());
    }
  }

  private void inputEnded(Channel client) {
    if (session != null) {
      session.onClientFinished();
    } else {
      client.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (loginLimit != null) {
      loginLimit.cancel(false);
    }
    ReferenceCountUtil.release(early);
    early = null;
    if (session != null) {
      session.onClientClosed();
    }
    if (admitted) {
      server.gone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (headerAwaited && cause instanceof DecoderException) {
      server.badProxyHeader(ctx.channel().remoteAddress(), cause);
      ctx.close();
    } else if (session != null) {
      session.onFailure("client", cause);
    } else {
      LOGGER.atDebug().setCause(cause).log("a client connection failed");
      ctx.close();
    }
  }
}

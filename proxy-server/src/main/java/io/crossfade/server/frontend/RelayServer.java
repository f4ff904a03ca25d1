package io.crossfade.server.frontend;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.sql.SqlAnalyzer;
import io.crossfade.server.backend.MySqlConnector;
import io.crossfade.server.session.RelayMetrics;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.SessionContext;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients and relays each to MySQL. Single use: start, drain, close. Thread-safe. */
public final class RelayServer implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(RelayServer.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final RelaySettings settings;
  private final SessionContext context;
  private final RelayMetrics metrics;
  private final Transport transport = Transport.best();
  private final ChannelGroup clients =
      new DefaultChannelGroup("clients", GlobalEventExecutor.INSTANCE);
  private final Object gate = new Object();
  private @Nullable MultiThreadIoEventLoopGroup loops;
  private @Nullable Channel listener;

  /**
   * A relay that does not listen yet.
   *
   * @param plugins started, in the order they are asked in
   */
  public RelayServer(
      RelaySettings settings,
      List<InterceptorFactory<?>> plugins,
      WatchedNames watched,
      SqlAnalyzer analyzer,
      MeterRegistry meters) {
    this.settings = settings;
    metrics = new RelayMetrics(meters);
    context = new SessionContext(settings, plugins, watched, analyzer, metrics);
  }

  /**
   * Listens.
   *
   * @return the address clients connect to
   * @throws IllegalStateException naming what to change when the address or the certificate cannot
   *     be used
   */
  public synchronized InetSocketAddress start() {
    SslContext tls = clientTls();
    MySqlConnector connector;
    try {
      connector = new MySqlConnector(settings, transport.client());
    } catch (SSLException e) {
      throw new IllegalStateException("TLS is not available: " + e.getMessage(), e);
    }
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            settings.threads() > 0
                ? settings.threads()
                : Runtime.getRuntime().availableProcessors(),
            transport.io());
    loops = group;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(transport.server())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new ClientHandler(RelayServer.this, context, connector, tls));
                  }
                })
            .bind(settings.listen())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IllegalStateException(
          "cannot listen on "
              + settings.listen()
              + ": "
              + bound.cause().getMessage()
              + "; is another program using the port?",
          bound.cause());
    }
    listener = bound.channel();
    InetSocketAddress address = (InetSocketAddress) bound.channel().localAddress();
    LOGGER
        .atInfo()
        .addKeyValue("address", address)
        .addKeyValue("mysql", settings.mysql())
        .log("the relay listens");
    return address;
  }

  private SslContext clientTls() {
    try {
      if (settings.certificate() != null && settings.privateKey() != null) {
        return SslContextBuilder.forServer(
                settings.certificate().toFile(), settings.privateKey().toFile())
            .build();
      }
      ServerCertificate own = ServerCertificate.generate();
      return SslContextBuilder.forServer(own.key(), own.certificate()).build();
    } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the certificate "
              + settings.certificate()
              + " with the key "
              + settings.privateKey()
              + " cannot be used: "
              + e.getMessage(),
          e);
    }
  }

  /** Whether a new client may stay; counts it then. */
  boolean admit(Channel client) {
    if (metrics.connections() >= settings.maxConnections()) {
      metrics.connectionRejected();
      return false;
    }
    metrics.connectionOpened();
    clients.add(client);
    return true;
  }

  /** A client that was admitted is gone. */
  void gone() {
    synchronized (gate) {
      metrics.connectionClosed();
      gate.notifyAll();
    }
  }

  /** MySQL could not be reached for a client. */
  void connectFailed(Throwable cause) {
    metrics.connectFailed();
    LOGGER
        .atWarn()
        .addKeyValue("mysql", settings.mysql())
        .addKeyValue("cause", cause.toString())
        .log("MySQL cannot be reached; the client got error 2003");
  }

  /** How many clients are connected. */
  public int connections() {
    return metrics.connections();
  }

  /**
   * Stops listening and closes sessions as they become idle outside a transaction; what still runs
   * after {@code limit} is closed too. Blocks.
   */
  public void drain(Duration limit) {
    stopListening();
    onEach(ClientHandler::drain);
    awaitGone(limit);
    onEach(ClientHandler::close);
    awaitGone(CLOSE_LIMIT);
  }

  private synchronized void stopListening() {
    if (listener != null) {
      listener.close().awaitUninterruptibly();
      listener = null;
    }
  }

  private void onEach(BiConsumer<ClientHandler, Channel> action) {
    for (Channel client : clients) {
      client
          .eventLoop()
          .execute(
              () -> {
                ClientHandler handler = client.pipeline().get(ClientHandler.class);
                if (handler != null) {
                  action.accept(handler, client);
                }
              });
    }
  }

  /** Waits until every session is over, the plugins' parts of it included. */
  private void awaitGone(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (gate) {
      while (metrics.connections() > 0) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
          return;
        }
        try {
          gate.wait(millis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** Closes everything at once. Idempotent; blocks until the event loops have ended. */
  @Override
  public void close() {
    stopListening();
    onEach(ClientHandler::close);
    awaitGone(CLOSE_LIMIT);
    MultiThreadIoEventLoopGroup group;
    synchronized (this) {
      group = loops;
      loops = null;
    }
    if (group != null) {
      group
          .shutdownGracefully(0, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(2 * CLOSE_LIMIT.toMillis());
    }
  }
}

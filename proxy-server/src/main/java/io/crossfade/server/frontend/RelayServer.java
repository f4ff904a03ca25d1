package io.crossfade.server.frontend;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.sql.SqlAnalyzer;
import io.crossfade.server.backend.LegMetrics;
import io.crossfade.server.backend.MySqlConnector;
import io.crossfade.server.backend.TcpOptions;
import io.crossfade.server.session.RelayMetrics;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.SessionContext;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients and relays each to MySQL. Single use: start, drain, close. Thread-safe. */
public final class RelayServer implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(RelayServer.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /** The system's own limit, net.core.somaxconn, holds too. */
  private static final int BACKLOG = 4096;

  private final RelaySettings settings;
  private final SessionContext context;
  private final RelayMetrics metrics;
  private final LegMetrics legMetrics;
  private final Transport transport = Transport.best();
  private final ChannelGroup clients =
      new DefaultChannelGroup("clients", GlobalEventExecutor.INSTANCE);
  private final Object gate = new Object();
  private volatile boolean draining;
  private @Nullable ClientTls tls;
  private @Nullable MySqlConnector connector;
  private @Nullable MultiThreadIoEventLoopGroup acceptor;
  private @Nullable MultiThreadIoEventLoopGroup loops;
  private @Nullable Listeners listeners;

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
    legMetrics = new LegMetrics(meters);
    context = new SessionContext(settings, plugins, watched, analyzer, metrics);
  }

  /**
   * Reads the files that {@link #start()} would read.
   *
   * @throws IllegalStateException naming the file that cannot be used and why
   */
  public static void check(RelaySettings settings) {
    new ClientTls(settings);
    new MySqlConnector(settings, Transport.best().client(settings.mysql()));
  }

  /**
   * Listens.
   *
   * @return the addresses clients connect to, in the order of the settings
   * @throws IllegalStateException naming what to change when an address or a file cannot be used
   */
  public List<SocketAddress> start() {
    return start(Map.of());
  }

  /**
   * Listens, with the sockets that an older proxy handed over.
   *
   * @param inherited their descriptors by the address they were configured with
   * @return see {@link #start()}
   * @throws IllegalStateException see {@link #start()}
   */
  public synchronized List<SocketAddress> start(Map<String, Integer> inherited) {
    ClientTls clientTls = new ClientTls(settings);
    MySqlConnector toMysql = new MySqlConnector(settings, transport.client(settings.mysql()));
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            settings.threads() > 0
                ? settings.threads()
                : Runtime.getRuntime().availableProcessors(),
            transport.io());
    MultiThreadIoEventLoopGroup accepting = new MultiThreadIoEventLoopGroup(1, transport.io());
    tls = clientTls;
    connector = toMysql;
    loops = group;
    acceptor = accepting;
    AcceptFailures failures = new AcceptFailures(legMetrics.acceptFailures());
    Listeners opening =
        new Listeners(() -> bootstrap(accepting, group, toMysql, clientTls, failures), transport);
    listeners = opening;
    try {
      opening.open(settings.legs().listen(), inherited);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    LOGGER
        .atInfo()
        .addKeyValue("addresses", opening.addresses())
        .addKeyValue("mysql", Listeners.name(settings.mysql()))
        .addKeyValue("handedOver", inherited.keySet())
        .log("the relay listens");
    return opening.addresses();
  }

  /**
   * The loop that accepts has no sessions: an accepted socket is registered with its loop by a
   * task, never while that loop hands out what epoll told it. Had a socket been closed a moment ago
   * its number, and with it what epoll still has to say of it, would go to the new one.
   */
  private ServerBootstrap bootstrap(
      MultiThreadIoEventLoopGroup accepting,
      MultiThreadIoEventLoopGroup group,
      MySqlConnector toMysql,
      ClientTls clientTls,
      AcceptFailures failures) {
    return new ServerBootstrap()
        .group(accepting, group)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                // After the acceptor, which is added by a task of the event loop.
                channel.eventLoop().execute(() -> channel.pipeline().addLast(failures));
              }
            })
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                TcpOptions.apply(channel, settings.legs().tcp());
                channel
                    .pipeline()
                    .addLast(new ClientHandler(RelayServer.this, context, toMysql, clientTls));
              }
            });
  }

  /**
   * Reads the certificates' files again without applying them.
   *
   * @return what applies them to new handshakes; empty when they hold what they held
   * @throws IllegalStateException with a message for the operator when they are of no use
   */
  public synchronized Optional<Runnable> prepareTls() {
    if (tls == null || connector == null) {
      return Optional.empty();
    }
    Optional<Runnable> client = tls.files().prepare();
    Optional<Runnable> mysql = connector.tls().prepare();
    return client.isEmpty() && mysql.isEmpty()
        ? Optional.empty()
        : Optional.of(
            () -> {
              client.ifPresent(Runnable::run);
              mysql.ifPresent(Runnable::run);
            });
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

  /** Whether a client at this address must begin with a PROXY protocol header. */
  boolean isProxy(SocketAddress address) {
    return address instanceof InetSocketAddress tcp
        && settings.legs().proxiesFrom().stream().anyMatch(network -> network.matches(tcp));
  }

  /** How long a client may take to log in. */
  Duration loginLimit() {
    return settings.legs().login();
  }

  /** Whether new sessions should end as soon as they can. */
  boolean draining() {
    return draining;
  }

  LegMetrics metrics() {
    return legMetrics;
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
        .addKeyValue("mysql", Listeners.name(settings.mysql()))
        .addKeyValue("cause", cause.toString())
        .log("MySQL cannot be reached; the client got error 2003");
  }

  /** A TLS handshake with MySQL failed: its certificate does not prove what it must, mostly. */
  void tlsToMysqlFailed(Throwable cause) {
    legMetrics.mysqlTlsFailures().increment();
    LOGGER
        .atWarn()
        .addKeyValue("mysql", Listeners.name(settings.mysql()))
        .addKeyValue("cause", cause.toString())
        .log("no TLS with MySQL; the client was closed");
  }

  /** A load balancer, or somebody who claims to be one, sent no valid PROXY protocol header. */
  void badProxyHeader(SocketAddress from, Throwable cause) {
    legMetrics.badProxyHeaders().increment();
    LOGGER
        .atWarn()
        .addKeyValue("from", from)
        .addKeyValue("cause", cause.toString())
        .log("malformed PROXY protocol header; the connection was closed");
  }

  /** A load balancer did not send its header in time. */
  void neverIntroduced() {
    metrics.loginRefused("time");
  }

  /** How many clients are connected. */
  public int connections() {
    return metrics.connections();
  }

  /**
   * The listening sockets' descriptors by the address they were configured with; empty when this
   * system cannot hand them over.
   */
  public synchronized Map<String, Integer> descriptors() {
    return listeners == null ? Map.of() : listeners.descriptors();
  }

  /** Stops accepting clients: they wait until the process that was given the descriptors does. */
  public synchronized void handedOver() {
    if (listeners != null) {
      listeners.pause();
      listeners.handedOver();
    }
  }

  /**
   * Stops listening and closes sessions as they become idle outside a transaction; what still runs
   * after {@code limit} is closed too, with error 1053 where an answer is owed. Blocks.
   */
  public void drain(Duration limit) {
    draining = true;
    stopListening();
    awaitAccepted();
    onEach((handler, client) -> handler.drain());
    awaitGone(limit);
    onEach(ClientHandler::shutDown);
    awaitGone(CLOSE_LIMIT);
  }

  private synchronized void stopListening() {
    if (listeners != null) {
      listeners.close();
      listeners = null;
    }
  }

  /** Waits until clients that were accepted last are known: each loop has run what it was given. */
  private void awaitAccepted() {
    for (MultiThreadIoEventLoopGroup group : groups()) {
      group.forEach(loop -> loop.submit(() -> {}).awaitUninterruptibly());
    }
  }

  /** In the order in which a client passes them. */
  private synchronized List<MultiThreadIoEventLoopGroup> groups() {
    return Stream.of(acceptor, loops).filter(Objects::nonNull).toList();
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
    onEach(ClientHandler::shutDown);
    awaitGone(CLOSE_LIMIT);
    List<MultiThreadIoEventLoopGroup> ending = groups();
    synchronized (this) {
      acceptor = null;
      loops = null;
    }
    for (MultiThreadIoEventLoopGroup group : ending) {
      group
          .shutdownGracefully(0, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(2 * CLOSE_LIMIT.toMillis());
    }
  }
}

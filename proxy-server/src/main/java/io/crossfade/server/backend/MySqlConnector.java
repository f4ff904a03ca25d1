package io.crossfade.server.backend;

import io.crossfade.server.session.LegSettings.ProxyHeader;
import io.crossfade.server.session.RelaySettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens connections to MySQL. Thread-safe. */
public final class MySqlConnector {
  /** After a refusal, ahead of each further attempt. */
  private static final List<Integer> PAUSES_MILLIS = List.of(100, 300);

  /** A name is looked up anew for each connection, so that it may move; that may block. */
  private static final Executor LOOKUPS =
      Executors.newFixedThreadPool(2, new DefaultThreadFactory("mysql-address", true));

  private final RelaySettings settings;
  private final Class<? extends Channel> channelType;
  private final MySqlTls tls;

  /**
   * For channels of {@code channelType}, which fits MySQL's address.
   *
   * @throws IllegalStateException naming what to change when the authorities' file is of no use
   */
  public MySqlConnector(RelaySettings settings, Class<? extends Channel> channelType) {
    this.settings = settings;
    this.channelType = channelType;
    tls = new MySqlTls(settings.legs().mysqlTls());
  }

  /** What follows the file of the authorities that sign MySQL's certificate. */
  public ReloadableTls tls() {
    return tls.files();
  }

  /**
   * Begins to connect, on {@code loop}; nothing is read before a handler was added. A refusal is no
   * last word: for a client that has already been accepted it is tried again a little later.
   *
   * <p>The socket is opened by a task of the loop, never while the loop hands out what epoll told
   * it: had a socket been closed a moment ago its number would be given to the new one, and with it
   * what epoll still has to say of the old one, such as that it has ended.
   *
   * @param onRetry runs on {@code loop} ahead of each further attempt
   * @return completed on {@code loop}
   */
  public Future<Channel> connect(EventLoop loop, Runnable onRetry) {
    Promise<Channel> connected = loop.newPromise();
    begin(loop, onRetry, connected, 0);
    return connected;
  }

  private void begin(EventLoop loop, Runnable onRetry, Promise<Channel> connected, int failures) {
    Executor lookup =
        settings.mysql() instanceof InetSocketAddress tcp && isName(tcp.getHostString())
            ? LOOKUPS
            : Runnable::run;
    lookup.execute(
        () -> {
          SocketAddress address = address();
          loop.execute(() -> attempt(loop, address, onRetry, connected, failures));
        });
  }

  private void attempt(
      EventLoop loop,
      SocketAddress address,
      Runnable onRetry,
      Promise<Channel> connected,
      int failures) {
    new Bootstrap()
        .group(loop)
        .channel(channelType)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.min(Integer.MAX_VALUE, settings.connectTimeout().toMillis()))
        .handler(new ChannelInboundHandlerAdapter())
        .connect(address)
        .addListener(
            (ChannelFuture done) -> {
              if (done.isSuccess()) {
                connected.setSuccess(done.channel());
              } else if (failures == PAUSES_MILLIS.size()
                  || done.cause() instanceof ConnectTimeoutException) {
                connected.setFailure(done.cause());
              } else {
                onRetry.run();
                loop.schedule(
                    () -> begin(loop, onRetry, connected, failures + 1),
                    PAUSES_MILLIS.get(failures),
                    TimeUnit.MILLISECONDS);
              }
            });
  }

  private static boolean isName(String host) {
    return !NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host);
  }

  private SocketAddress address() {
    return settings.mysql() instanceof InetSocketAddress tcp
        ? new InetSocketAddress(tcp.getHostString(), tcp.getPort())
        : settings.mysql();
  }

  /**
   * The port of a connected channel.
   *
   * @param client whom the proxy speaks for, and the address that one connected to: told to MySQL
   *     where that is configured
   */
  public MySqlPort port(Channel channel, SocketAddress client, @Nullable SocketAddress contacted) {
    TcpOptions.apply(channel, settings.legs().tcp());
    ProxyHeader header = settings.legs().sendProxyHeader();
    if (header != null) {
      ProxyHeaders.send(channel, header, client, contacted);
    }
    return new MySqlPort(channel, () -> tls.newHandler(channel, settings.mysql()));
  }
}

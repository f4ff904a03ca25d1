package io.crossfade.server.backend;

import io.crossfade.server.session.RelaySettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;

/** Opens connections to MySQL. Thread-safe. */
public final class MySqlConnector {
  private final RelaySettings settings;
  private final Class<? extends Channel> channelType;
  private final SslContext tls;

  /**
   * MySQL's certificate is not verified, as clients with {@code ssl-mode=PREFERRED} or {@code
   * REQUIRED} do not.
   */
  public MySqlConnector(RelaySettings settings, Class<? extends Channel> channelType)
      throws SSLException {
    this.settings = settings;
    this.channelType = channelType;
    tls =
        SslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm("")
            .build();
  }

  /** Begins to connect, on {@code loop}; nothing is read before a handler was added. */
  public ChannelFuture connect(EventLoop loop) {
    InetSocketAddress mysql = settings.mysql();
    return new Bootstrap()
        .group(loop)
        .channel(channelType)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.min(Integer.MAX_VALUE, settings.connectTimeout().toMillis()))
        .handler(new ChannelInboundHandlerAdapter())
        .connect(new InetSocketAddress(mysql.getHostString(), mysql.getPort()));
  }

  /** The port of a connected channel. */
  public MySqlPort port(Channel channel) {
    return new MySqlPort(channel, () -> newTls(channel));
  }

  private SslHandler newTls(Channel channel) {
    return tls.newHandler(channel.alloc());
  }
}

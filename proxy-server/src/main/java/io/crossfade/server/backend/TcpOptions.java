package io.crossfade.server.backend;

import io.crossfade.server.session.LegSettings.Tcp;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;

/** Sets TCP's means against dead peers on a connected channel. */
public final class TcpOptions {
  private TcpOptions() {}

  /**
   * Applies {@code tcp}; does nothing to a unix socket. Without epoll only keep-alive itself can be
   * switched, its times are the system's.
   */
  public static void apply(Channel channel, Tcp tcp) {
    if (!(channel instanceof SocketChannel)) {
      return;
    }
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    boolean keepAlive = !tcp.keepAlive().isZero();
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, keepAlive);
    if (!(channel instanceof EpollSocketChannel)) {
      return;
    }
    if (keepAlive) {
      channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, seconds(tcp.keepAlive()));
      channel
          .config()
          .setOption(EpollChannelOption.TCP_KEEPINTVL, seconds(tcp.keepAliveInterval()));
      channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, tcp.keepAliveProbes());
    }
    if (!tcp.userTimeout().isZero()) {
      channel
          .config()
          .setOption(
              EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(tcp.userTimeout().toMillis()));
    }
  }

  private static int seconds(Duration time) {
    return Math.max(1, Math.toIntExact(time.toSeconds()));
  }
}

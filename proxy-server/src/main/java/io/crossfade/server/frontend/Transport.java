package io.crossfade.server.frontend;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;

/** The native transport where there is one, else Java's, which knows no unix sockets here. */
record Transport(
    IoHandlerFactory io,
    boolean epoll,
    Class<? extends ServerChannel> server,
    Class<? extends Channel> client) {
  static Transport best() {
    return Epoll.isAvailable() ? withEpoll() : ofJava();
  }

  private static Transport withEpoll() {
    return new Transport(
        EpollIoHandler.newFactory(),
        true,
        EpollServerSocketChannel.class,
        EpollSocketChannel.class);
  }

  static Transport ofJava() {
    return new Transport(
        NioIoHandler.newFactory(), false, NioServerSocketChannel.class, NioSocketChannel.class);
  }

  /**
   * The channel that listens on {@code address}.
   *
   * @throws IllegalStateException when this system has none
   */
  Class<? extends ServerChannel> server(SocketAddress address) {
    return isUnix(address) ? EpollServerDomainSocketChannel.class : server;
  }

  /**
   * The channel that connects to {@code address}.
   *
   * @throws IllegalStateException when this system has none
   */
  Class<? extends Channel> client(SocketAddress address) {
    return isUnix(address) ? EpollDomainSocketChannel.class : client;
  }

  private boolean isUnix(SocketAddress address) {
    boolean unix = address instanceof DomainSocketAddress;
    if (unix && !epoll) {
      throw new IllegalStateException(
          "unix:" + address + " needs Linux on x86-64 or arm64 (Netty's epoll); use host:port");
    }
    return unix;
  }
}

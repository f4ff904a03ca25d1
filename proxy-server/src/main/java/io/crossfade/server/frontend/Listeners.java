package io.crossfade.server.frontend;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets clients connect to. A socket that an older proxy handed over goes on as it is: its
 * queue of clients that wait to be accepted is kept. Not thread-safe.
 */
final class Listeners {
  private static final Logger LOGGER = LoggerFactory.getLogger(Listeners.class);

  private final Supplier<ServerBootstrap> bootstraps;
  private final Transport transport;
  private final List<Listener> open = new ArrayList<>();

  private record Listener(
      SocketAddress configured, Channel channel, @Nullable UnixSocketFile file) {}

  /** {@code bootstraps} makes what is to be bound, without its channel type. */
  Listeners(Supplier<ServerBootstrap> bootstraps, Transport transport) {
    this.bootstraps = bootstraps;
    this.transport = transport;
  }

  /**
   * Listens on every address.
   *
   * @param inherited listening sockets of an older proxy by the address it was configured with
   * @throws IllegalStateException naming what to change when one cannot be used
   */
  void open(List<SocketAddress> addresses, Map<String, Integer> inherited) {
    Map<String, Integer> unused = new LinkedHashMap<>(inherited);
    for (SocketAddress address : addresses) {
      unused.remove(name(address));
      Integer descriptor = inherited.get(name(address));
      try {
        open.add(descriptor == null ? bind(address) : adopt(address, descriptor));
      } catch (IOException e) {
        throw new IllegalStateException(
            "cannot listen on "
                + name(address)
                + ": "
                + e.getMessage()
                + "; is another program using it?",
            e);
      }
    }
    unused.forEach(Listeners::closeUnused);
  }

  private static void closeUnused(String address, int descriptor) {
    try {
      new FileDescriptor(descriptor).close();
      LOGGER
          .atWarn()
          .addKeyValue("address", address)
          .log("the older proxy listened there, this one does not");
    } catch (IOException e) {
      LOGGER.atWarn().setCause(e).log("a socket that was handed over cannot be closed");
    }
  }

  /** How an address is written in the configuration. */
  static String name(SocketAddress address) {
    return address instanceof DomainSocketAddress unix ? "unix:" + unix.path() : "" + address;
  }

  private Listener bind(SocketAddress address) throws IOException {
    ServerBootstrap bootstrap = bootstraps.get().channel(transport.server(address));
    if (!(address instanceof DomainSocketAddress unix)) {
      return new Listener(address, opened(bootstrap.bind(address)), null);
    }
    UnixSocketFile file = new UnixSocketFile(Path.of(unix.path()));
    Channel channel = opened(bootstrap.bind(new DomainSocketAddress(file.prepare().toString())));
    Listener listener = new Listener(address, channel, file);
    try {
      file.publish("rwxrwxrwx");
    } catch (IOException e) {
      close(listener);
      throw e;
    }
    return listener;
  }

  private Listener adopt(SocketAddress address, int descriptor) throws IOException {
    boolean tcp = !(address instanceof DomainSocketAddress);
    UnixSocketFile file = null;
    if (address instanceof DomainSocketAddress unix) {
      file = new UnixSocketFile(Path.of(unix.path()));
      file.adopt();
    }
    Channel channel =
        opened(
            bootstraps
                .get()
                .channelFactory(
                    () ->
                        tcp
                            ? new EpollServerSocketChannel(descriptor)
                            : new EpollServerDomainSocketChannel(descriptor))
                .option(ChannelOption.AUTO_READ, false)
                .register());
    // Clients wait there already: none may be taken before the acceptor is in place, which is added
    // by a task of the event loop.
    channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
    return new Listener(address, channel, file);
  }

  private static Channel opened(ChannelFuture future) throws IOException {
    future.awaitUninterruptibly();
    if (!future.isSuccess()) {
      throw new IOException(future.cause().getMessage(), future.cause());
    }
    return future.channel();
  }

  /** Where clients connect, in the order of the configuration. */
  List<SocketAddress> addresses() {
    return open.stream()
        .map(l -> l.file() == null ? l.channel().localAddress() : l.configured())
        .toList();
  }

  /** Stops accepting; clients wait until somebody else does. */
  void pause() {
    for (Listener listener : open) {
      listener.channel().config().setAutoRead(false);
    }
  }

  /** The sockets' descriptors by the addresses they were configured with; empty without epoll. */
  Map<String, Integer> descriptors() {
    Map<String, Integer> descriptors = new LinkedHashMap<>();
    for (Listener listener : open) {
      if (listener.channel() instanceof UnixChannel channel) {
        descriptors.put(name(listener.configured()), channel.fd().intValue());
      }
    }
    return descriptors;
  }

  /** The sockets belong to another process too: closing them must not remove their files. */
  void handedOver() {
    open.forEach(
        l -> {
          if (l.file() != null) {
            l.file().leave();
          }
        });
  }

  /** Stops listening. */
  void close() {
    open.forEach(Listeners::close);
    open.clear();
  }

  private static void close(Listener listener) {
    listener.channel().close().awaitUninterruptibly();
    try {
      if (listener.file() != null) {
        listener.file().delete();
      }
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("address", name(listener.configured()))
          .addKeyValue("cause", e.toString())
          .log("the socket's file could not be removed");
    }
  }
}

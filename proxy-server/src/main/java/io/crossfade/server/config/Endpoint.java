package io.crossfade.server.config;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where MySQL's protocol is spoken: {@code host:port}, or {@code unix:/path} for a unix socket.
 * Exactly one of the two is there.
 *
 * @param tcp null for a unix socket
 * @param unix an absolute path; null for TCP
 */
public record Endpoint(@Nullable HostPort tcp, @Nullable Path unix) {
  private static final String PREFIX = "unix:";

  /** The kernel takes 107 bytes; some are left for the name under which a socket is bound first. */
  private static final int LONGEST_PATH = 95;

  /** A TCP address. */
  public static Endpoint of(String host, int port) {
    return new Endpoint(new HostPort(host, port), null);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when the text is not of one of the forms
   */
  public static Endpoint parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return new Endpoint(HostPort.parse(text), null);
    }
    Path path = Path.of(text.substring(PREFIX.length())).normalize();
    if (!path.isAbsolute() || !canBeSocket(path)) {
      throw new IllegalArgumentException("no path for a socket");
    }
    return new Endpoint(null, path);
  }

  /** Whether a unix socket may have this path: the kernel takes short ones only. */
  public static boolean canBeSocket(Path path) {
    return path.getFileName() != null
        && path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH;
  }

  /** The address to listen on; a host is looked up now. */
  public SocketAddress toListen() {
    return tcp != null ? tcp.toListen() : new DomainSocketAddress(String.valueOf(unix));
  }

  /** The address to connect to; a name is looked up at each connection, so it may move. */
  public SocketAddress toConnect() {
    return tcp != null ? tcp.toConnect() : new DomainSocketAddress(String.valueOf(unix));
  }

  @Override
  public String toString() {
    return tcp != null ? tcp.toString() : PREFIX + unix;
  }
}

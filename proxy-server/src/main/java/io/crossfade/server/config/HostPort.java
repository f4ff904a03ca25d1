package io.crossfade.server.config;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/**
 * A host and a port as configured: {@code host:port}, {@code 10.0.0.1:3306}, {@code [::1]:3306}.
 *
 * @param host a name or an IP address without brackets
 * @param port 0 to 65535; 0 lets the system choose where that makes sense
 */
public record HostPort(String host, int port) {
  /**
   * Reads {@code host:port}.
   *
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("an IPv6 address needs brackets");
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (host.isBlank() || port < 0 || port > 65535) {
      throw new IllegalArgumentException("host or port out of range");
    }
    return new HostPort(host, port);
  }

  /** The address to listen on; the host is looked up now. */
  public InetSocketAddress toListen() {
    return new InetSocketAddress(host, port);
  }

  /** The address to connect to; a name is looked up at each connection, so it may move. */
  public InetSocketAddress toConnect() {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)
        ? new InetSocketAddress(host, port)
        : InetSocketAddress.createUnresolved(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}

package io.crossfade.server.backend;

import io.crossfade.server.session.LegSettings.ProxyHeader;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Tells MySQL whom the proxy speaks for: the PROXY protocol of HAProxy, ahead of everything. */
final class ProxyHeaders {
  private ProxyHeaders() {}

  /**
   * Sends the header.
   *
   * @param client whom the proxy speaks for; a unix socket has no address to tell, MySQL then takes
   *     the proxy's own
   * @param contacted the address the client connected to
   */
  static void send(
      Channel mysql, ProxyHeader version, SocketAddress client, @Nullable SocketAddress contacted) {
    mysql.pipeline().addFirst(HAProxyMessageEncoder.INSTANCE);
    mysql.writeAndFlush(message(version, client, contacted));
    mysql.pipeline().remove(HAProxyMessageEncoder.INSTANCE);
  }

  private static HAProxyMessage message(
      ProxyHeader header, SocketAddress client, @Nullable SocketAddress contacted) {
    HAProxyProtocolVersion version =
        switch (header) {
          case V1 -> HAProxyProtocolVersion.V1;
          case V2 -> HAProxyProtocolVersion.V2;
        };
    if (!(client instanceof InetSocketAddress source) || source.getAddress() == null) {
      return new HAProxyMessage(
          version,
          version == HAProxyProtocolVersion.V1 ? HAProxyCommand.PROXY : HAProxyCommand.LOCAL,
          HAProxyProxiedProtocol.UNKNOWN,
          null,
          null,
          0,
          0);
    }
    boolean v4 = source.getAddress() instanceof Inet4Address;
    String destination = v4 ? "0.0.0.0" : "::";
    int port = 0;
    if (contacted instanceof InetSocketAddress to
        && to.getAddress() != null
        && to.getAddress() instanceof Inet4Address == v4) {
      destination = text(to.getAddress());
      port = to.getPort();
    }
    return new HAProxyMessage(
        version,
        HAProxyCommand.PROXY,
        v4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
        text(source.getAddress()),
        destination,
        source.getPort(),
        port);
  }

  /** Without the scope that Java appends to link-local addresses. */
  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }
}

package io.crossfade.server.frontend;

import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Reads addresses out of a PROXY protocol header; see HAProxy's proxy-protocol.txt. */
final class ProxiedAddress {
  private ProxiedAddress() {}

  /** Whom the proxy speaks for; null when it speaks for itself, or does not know. */
  static @Nullable InetSocketAddress source(HAProxyMessage header) {
    return address(header, header.sourceAddress(), header.sourcePort());
  }

  /** The address the client connected to; null when that is not told. */
  static @Nullable InetSocketAddress destination(HAProxyMessage header) {
    return address(header, header.destinationAddress(), header.destinationPort());
  }

  private static @Nullable InetSocketAddress address(
      HAProxyMessage header, @Nullable String ip, int port) {
    AddressFamily family = header.proxiedProtocol().addressFamily();
    boolean internet = family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6;
    return header.command() == HAProxyCommand.LOCAL || !internet || ip == null
        ? null
        : new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(ip), port);
  }
}

package io.crossfade.server.app;

import io.crossfade.server.config.CrossfadeConfig;
import io.crossfade.server.config.CrossfadeConfig.MysqlCompression;
import io.crossfade.server.config.Endpoint;
import io.crossfade.server.config.Network;
import io.crossfade.server.session.LegSettings;
import io.crossfade.server.session.LegSettings.ClientTls;
import io.crossfade.server.session.LegSettings.MysqlTls;
import io.crossfade.server.session.LegSettings.ProxyHeader;
import io.crossfade.server.session.LegSettings.Tcp;
import io.crossfade.server.session.LegSettings.Verify;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import org.jspecify.annotations.Nullable;

/** What the configuration says of the two legs, as the relay wants it. */
final class Legs {
  private Legs() {}

  static LegSettings of(CrossfadeConfig config) {
    return new LegSettings(
        config.listen().stream().map(Endpoint::toListen).toList(),
        config.requireTls(),
        new ClientTls(
            config.tls().versions().stream().map(String::valueOf).sorted().toList(),
            config.tls().ciphers()),
        new MysqlTls(verify(config.mysql().tls().verify()), config.mysql().tls().ca()),
        config.proxyProtocol().acceptFrom().stream().map(Legs::rule).toList(),
        header(config.mysql().sendProxyProtocol()),
        new Tcp(
            config.tcp().keepAlive(),
            config.tcp().keepAliveInterval(),
            config.tcp().keepAliveProbes(),
            config.tcp().userTimeout()),
        config.limits().login(),
        config.mysql().compression() == MysqlCompression.AS_CLIENT);
  }

  private static IpSubnetFilterRule rule(Network network) {
    return new IpSubnetFilterRule(network.address(), network.prefix(), IpFilterRuleType.ACCEPT);
  }

  private static Verify verify(CrossfadeConfig.Verify configured) {
    return switch (configured) {
      case NONE -> Verify.NONE;
      case CA -> Verify.CA;
      case IDENTITY -> Verify.IDENTITY;
    };
  }

  private static @Nullable ProxyHeader header(CrossfadeConfig.@Nullable ProxyHeader configured) {
    if (configured == null) {
      return null;
    }
    return switch (configured) {
      case V1 -> ProxyHeader.V1;
      case V2 -> ProxyHeader.V2;
    };
  }
}

package io.crossfade.server.frontend;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.server.session.LegSettings;
import io.crossfade.server.session.LegSettings.ClientTls;
import io.crossfade.server.session.LegSettings.MysqlTls;
import io.crossfade.server.session.LegSettings.ProxyHeader;
import io.crossfade.server.session.LegSettings.Verify;
import io.crossfade.server.session.RelaySettings;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The legs' settings of a test, the defaults to begin with, and the relay with them. */
final class LegsUnderTest {
  final SocketAddress mysql;
  final List<SocketAddress> listen =
      new ArrayList<>(List.of(new InetSocketAddress("127.0.0.1", 0)));
  final List<IpSubnetFilterRule> proxiesFrom = new ArrayList<>();
  boolean requireTls;
  ClientTls clientTls = new ClientTls(List.of("TLSv1.2", "TLSv1.3"), List.of());
  MysqlTls mysqlTls = new MysqlTls(Verify.NONE, null);
  Duration login = Duration.ofSeconds(10);
  @Nullable ProxyHeader sendProxyHeader;
  @Nullable PemFiles files;

  LegsUnderTest(SocketAddress mysql) {
    this.mysql = mysql;
  }

  LegsUnderTest(String host, int port) {
    this(InetSocketAddress.createUnresolved(host, port));
  }

  void proxiesFrom(String address, int prefix) {
    proxiesFrom.add(new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT));
  }

  RelayFixture start(InterceptorFactory<?>... plugins) {
    PemFiles pem = files;
    LegSettings legs = LegSettings.defaults(listen.get(0));
    RelaySettings settings =
        new RelaySettings(
            mysql,
            pem == null ? null : pem.certificate(),
            pem == null ? null : pem.key(),
            1 << 20,
            RelayFixture.TIME_LIMIT,
            100,
            Duration.ofSeconds(5),
            2,
            new LegSettings(
                listen,
                requireTls,
                clientTls,
                mysqlTls,
                proxiesFrom,
                sendProxyHeader,
                legs.tcp(),
                login));
    return new RelayFixture(settings, List.of(), plugins);
  }
}

package io.crossfade.server.backend;

import io.crossfade.server.session.LegSettings.MysqlTls;
import io.crossfade.server.session.LegSettings.Verify;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** The client's side of TLS on the leg to MySQL, TLS 1.2 and 1.3. Thread-safe. */
final class MySqlTls {
  private final MysqlTls settings;
  private final ReloadableTls files;

  /** Throws IllegalStateException, for the operator, when the authorities' file is of no use. */
  MySqlTls(MysqlTls settings) {
    this.settings = settings;
    files =
        new ReloadableTls(
            settings.ca() == null ? List.of() : List.of(settings.ca()), this::newContext);
  }

  /** What follows the authorities' file. */
  ReloadableTls files() {
    return files;
  }

  private SslContext newContext(List<byte[]> ca) throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .protocols("TLSv1.3", "TLSv1.2")
            .endpointIdentificationAlgorithm(settings.verify() == Verify.IDENTITY ? "HTTPS" : "");
    if (settings.verify() == Verify.NONE) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (!ca.isEmpty()) {
      builder.trustManager(new ByteArrayInputStream(ca.get(0)));
    }
    return builder.build();
  }

  /** The handler of a new handshake with the server at {@code address}. */
  SslHandler newHandler(Channel channel, SocketAddress address) {
    return settings.verify() == Verify.IDENTITY && address instanceof InetSocketAddress server
        ? files.context().newHandler(channel.alloc(), server.getHostString(), server.getPort())
        : files.context().newHandler(channel.alloc());
  }
}

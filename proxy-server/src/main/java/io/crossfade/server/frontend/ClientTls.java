package io.crossfade.server.frontend;

import io.crossfade.server.backend.ReloadableTls;
import io.crossfade.server.session.LegSettings;
import io.crossfade.server.session.RelaySettings;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server's side of TLS on the client leg. Thread-safe. */
final class ClientTls {
  private final LegSettings settings;
  private final ReloadableTls files;

  /** Throws IllegalStateException, for the operator, when the configured files are of no use. */
  ClientTls(RelaySettings relay) {
    settings = relay.legs();
    files =
        new ReloadableTls(
            relay.certificate() == null || relay.privateKey() == null
                ? List.of()
                : List.of(relay.certificate(), relay.privateKey()),
            this::newContext);
  }

  /** What follows the certificate's files. */
  ReloadableTls files() {
    return files;
  }

  private SslContext newContext(List<byte[]> contents)
      throws IOException, GeneralSecurityException {
    SslContextBuilder builder;
    if (contents.isEmpty()) {
      ServerCertificate own = ServerCertificate.generate();
      builder = SslContextBuilder.forServer(own.key(), own.certificate());
    } else {
      PemIdentity identity = PemIdentity.read(contents.get(0), contents.get(1));
      builder = SslContextBuilder.forServer(identity.key(), identity.chain());
    }
    builder.protocols(settings.clientTls().versions());
    if (!settings.clientTls().ciphers().isEmpty()) {
      builder.ciphers(settings.clientTls().ciphers());
    }
    return builder.build();
  }

  /** The handler of a new handshake. */
  SslHandler newHandler(Channel channel) {
    SslHandler handler = files.context().newHandler(channel.alloc());
    handler.setHandshakeTimeout(settings.login().toMillis(), TimeUnit.MILLISECONDS);
    return handler;
  }
}

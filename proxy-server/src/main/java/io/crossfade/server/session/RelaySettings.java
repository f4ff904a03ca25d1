package io.crossfade.server.session;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the relay needs to know of the configuration.
 *
 * @param mysql where MySQL listens: a TCP address or a unix socket
 * @param certificate PEM certificate chain for the client leg; null = a self-signed one is
 *     generated
 * @param privateKey PEM key of {@code certificate}
 * @param inspectLimit bytes of a COM_QUERY that are held for inspection; a longer one is searched
 *     as it streams and, on a hit, treated as a statement that can do anything
 * @param pluginTimeLimit how long a plugin may think about a command
 * @param maxConnections clients beyond this number get error 1040
 * @param connectTimeout limit for the connection to MySQL
 * @param threads event-loop threads; 0 = one a core
 * @param legs how the legs are secured and kept in order
 */
public record RelaySettings(
    SocketAddress mysql,
    @Nullable Path certificate,
    @Nullable Path privateKey,
    int inspectLimit,
    Duration pluginTimeLimit,
    int maxConnections,
    Duration connectTimeout,
    int threads,
    LegSettings legs) {

  /** With one listening address and the legs' defaults. */
  public RelaySettings(
      InetSocketAddress listen,
      SocketAddress mysql,
      @Nullable Path certificate,
      @Nullable Path privateKey,
      int inspectLimit,
      Duration pluginTimeLimit,
      int maxConnections,
      Duration connectTimeout,
      int threads) {
    this(
        mysql,
        certificate,
        privateKey,
        inspectLimit,
        pluginTimeLimit,
        maxConnections,
        connectTimeout,
        threads,
        LegSettings.defaults(listen));
  }

  /** The same with other legs. */
  public RelaySettings withLegs(LegSettings other) {
    return new RelaySettings(
        mysql,
        certificate,
        privateKey,
        inspectLimit,
        pluginTimeLimit,
        maxConnections,
        connectTimeout,
        threads,
        other);
  }
}

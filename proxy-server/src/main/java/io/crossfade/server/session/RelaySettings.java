package io.crossfade.server.session;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the relay needs to know of the configuration.
 *
 * @param listen where clients connect
 * @param mysql where MySQL listens
 * @param certificate PEM certificate chain for the client leg; null = a self-signed one is
 *     generated
 * @param privateKey PEM key of {@code certificate}
 * @param inspectLimit bytes of a COM_QUERY that are held for inspection; a longer one is searched
 *     as it streams and, on a hit, treated as a statement that can do anything
 * @param pluginTimeLimit how long a plugin may think about a command
 * @param maxConnections clients beyond this number get error 1040
 * @param connectTimeout limit for the connection to MySQL
 * @param threads event-loop threads; 0 = one a core
 */
public record RelaySettings(
    InetSocketAddress listen,
    InetSocketAddress mysql,
    @Nullable Path certificate,
    @Nullable Path privateKey,
    int inspectLimit,
    Duration pluginTimeLimit,
    int maxConnections,
    Duration connectTimeout,
    int threads) {}

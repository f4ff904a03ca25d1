package io.crossfade.server.backend;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What goes wrong on the way to a session. Thread-safe.
 *
 * @param acceptFailures clients that could not be accepted yet, for want of file descriptors mostly
 * @param connectRetries attempts to reach MySQL for a client after one that was refused
 * @param clientTlsFailures TLS handshakes with clients that failed
 * @param mysqlTlsFailures TLS handshakes with MySQL that failed
 * @param proxyHeaders clients introduced by a load balancer
 * @param badProxyHeaders connections closed because their PROXY protocol header was malformed
 */
public record LegMetrics(
    Counter acceptFailures,
    Counter connectRetries,
    Counter clientTlsFailures,
    Counter mysqlTlsFailures,
    Counter proxyHeaders,
    Counter badProxyHeaders) {

  /** Registers the meters. */
  public LegMetrics(MeterRegistry meters) {
    this(
        meters.counter("crossfade.relay.accept.failures"),
        meters.counter("crossfade.relay.mysql.connect.retries"),
        meters.counter("crossfade.relay.tls.failures", "leg", "client"),
        meters.counter("crossfade.relay.tls.failures", "leg", "mysql"),
        meters.counter("crossfade.relay.proxy.headers", "result", "accepted"),
        meters.counter("crossfade.relay.proxy.headers", "result", "malformed"));
  }
}

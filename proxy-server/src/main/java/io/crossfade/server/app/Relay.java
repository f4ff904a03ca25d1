package io.crossfade.server.app;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** What the application needs of the relay. Used from one thread at a time. */
public interface Relay extends AutoCloseable {
  /**
   * Starts listening.
   *
   * @return the address it listens on
   * @throws Exception with a message for the operator when it cannot
   */
  InetSocketAddress start() throws Exception;

  /** How many clients are connected now; any thread. */
  int connections();

  /** Stops accepting clients and waits until the sessions have ended, at most {@code limit}. */
  void drain(Duration limit);

  /** Ends all sessions and releases everything. */
  @Override
  void close();

  /** Makes a relay that is not listening yet. */
  @FunctionalInterface
  interface Factory {
    /** The plugins are started; they are asked in the order given. */
    Relay create(
        RelaySettings settings,
        List<InterceptorFactory<?>> plugins,
        WatchedNames watched,
        MeterRegistry meters);
  }
}

package io.crossfade.server.app;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the application needs of the relay. Used from one thread at a time. */
public interface Relay extends AutoCloseable {
  /**
   * Starts listening.
   *
   * @param inherited listening sockets that an older proxy handed over: their descriptors by the
   *     address they were configured with
   * @return the addresses it listens on, in the order of the settings
   * @throws Exception with a message for the operator when it cannot
   */
  List<SocketAddress> start(Map<String, Integer> inherited) throws Exception;

  /** The listening sockets' descriptors; empty when they cannot be handed over. Any thread. */
  Map<String, Integer> descriptors();

  /** Accepts no more clients: a new proxy, which was given the descriptors, does. Any thread. */
  void handedOver();

  /**
   * Reads the certificates' files again without applying them. Any thread.
   *
   * @return what applies them to new connections; empty when they did not change
   * @throws IllegalStateException with a message for the operator when they are of no use
   */
  Optional<Runnable> prepareTls();

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

package io.crossfade.server.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The relay's meters. Thread-safe. */
public final class RelayMetrics {
  private static final Logger LOGGER = LoggerFactory.getLogger(RelayMetrics.class);

  private final AtomicBoolean foundRowsLogged = new AtomicBoolean();
  private final MeterRegistry meters;
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<String, Counter> verdicts = new ConcurrentHashMap<>();
  final Counter opened;
  final Counter relayed;
  final Counter inspected;
  final Counter hits;
  final Counter unknownCommands;
  final Counter bytesFromClient;
  final Counter bytesFromMysql;
  final Counter loginFailures;
  final Counter protocolErrors;
  final Counter connectFailures;
  final Counter rejected;

  /** Registers the meters. */
  public RelayMetrics(MeterRegistry meters) {
    this.meters = meters;
    meters.gauge("crossfade.relay.connections", connections);
    opened = meters.counter("crossfade.relay.connections.opened");
    relayed = meters.counter("crossfade.relay.commands", "handling", "relayed");
    inspected = meters.counter("crossfade.relay.commands", "handling", "inspected");
    hits = meters.counter("crossfade.relay.commands", "handling", "hit");
    unknownCommands = meters.counter("crossfade.relay.unknown.commands");
    bytesFromClient = meters.counter("crossfade.relay.bytes", "from", "client");
    bytesFromMysql = meters.counter("crossfade.relay.bytes", "from", "mysql");
    loginFailures = meters.counter("crossfade.relay.login.failures");
    protocolErrors = meters.counter("crossfade.relay.protocol.errors");
    connectFailures = meters.counter("crossfade.relay.mysql.connect.failures");
    rejected = meters.counter("crossfade.relay.connections.rejected");
  }

  /** A client connection began. */
  public int connectionOpened() {
    opened.increment();
    return connections.incrementAndGet();
  }

  /** A client connection ended. */
  public void connectionClosed() {
    connections.decrementAndGet();
  }

  /** Client connections now. */
  public int connections() {
    return connections.get();
  }

  /** A client was sent away because there are too many. */
  public void connectionRejected() {
    rejected.increment();
  }

  /** A client was sent away during its login for a reason of the relay's own. */
  public void loginRefused(String reason) {
    meters.counter("crossfade.relay.login.refused", "reason", reason).increment();
  }

  /**
   * A session ended while an answer was owed.
   *
   * @param told whether the client could be told why
   */
  void answerLost(boolean told) {
    meters.counter("crossfade.relay.answers.lost", "client", told ? "told" : "closed").increment();
  }

  /** MySQL could not be reached. */
  public void connectFailed() {
    connectFailures.increment();
  }

  /** FOUND_ROWS() could not be put back after a question. */
  void foundRowsLost() {
    meters.counter("crossfade.relay.found.rows.lost").increment();
    if (foundRowsLogged.compareAndSet(false, true)) {
      LOGGER.atWarn().log("FOUND_ROWS() could not be put back after a question");
    }
  }

  void verdict(String plugin, String verdict) {
    verdicts
        .computeIfAbsent(
            plugin + '\n' + verdict,
            key -> meters.counter("crossfade.relay.verdicts", "plugin", plugin, "verdict", verdict))
        .increment();
  }

  void pluginFailed(String plugin, String how) {
    meters.counter("crossfade.relay.plugin.failures", "plugin", plugin, "how", how).increment();
  }

  void injected(String query) {
    verdicts
        .computeIfAbsent(query, key -> meters.counter("crossfade.relay.injected", "query", query))
        .increment();
  }
}

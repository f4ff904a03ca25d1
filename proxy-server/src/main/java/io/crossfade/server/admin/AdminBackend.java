package io.crossfade.server.admin;

import java.util.Map;

/** What the admin port shows and lets operators do. Called on the admin port's worker threads. */
public interface AdminBackend {
  /** All meters in Prometheus' text format. */
  String metrics();

  /** Version, revision, connections and every watched table, ready to become JSON. */
  Map<String, Object> status();

  /** Why the proxy is not ready, by condition; empty when it is. */
  Map<String, String> notReady();

  /** Reads the configuration file again. */
  AdminAnswer reload();

  /** Carries out a command for one table; blocks until it is done or refused. */
  AdminAnswer command(String table, String command, Map<String, String> arguments);
}

package io.crossfade.server.app;

/** NEW → STARTING → STARTED → STOPPING → STOPPED; never back. */
public enum Lifecycle {
  NEW,
  STARTING,
  STARTED,
  STOPPING,
  STOPPED
}

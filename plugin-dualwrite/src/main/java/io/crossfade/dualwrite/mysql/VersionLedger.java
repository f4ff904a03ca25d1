package io.crossfade.dualwrite.mysql;

import java.io.IOException;

/** Keeps the largest version anyone may have used, where all who write versions can see it. */
public interface VersionLedger {
  /** The largest version reserved by anyone so far; 0 when none. */
  long reserved() throws IOException;

  /** Makes it at least {@code version}; durable when this returns. */
  void reserve(long version) throws IOException;

  /**
   * Lowers it from {@code reserved} to {@code used}, if nobody changed it; for a clean shutdown.
   */
  void release(long reserved, long used) throws IOException;
}

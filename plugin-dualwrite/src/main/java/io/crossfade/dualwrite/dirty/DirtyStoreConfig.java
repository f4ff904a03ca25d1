package io.crossfade.dualwrite.dirty;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the embedded dirty store works.
 *
 * @param directory where it lives; created when missing
 * @param stallLimit how long a write of an application may wait for the store before the debt flag
 *     is set, and again how long for the flag
 * @param whenUnrecordable what becomes of a write when even the debt flag fails
 */
public record DirtyStoreConfig(
    Path directory, Duration stallLimit, WhenUnrecordable whenUnrecordable) {
  /** The defaults in {@code directory}. */
  public DirtyStoreConfig(Path directory) {
    this(directory, Duration.ofMillis(200), WhenUnrecordable.REFUSE);
  }

  /** What to do with a write that can be recorded nowhere. */
  public enum WhenUnrecordable {
    /** The client gets an error, MySQL does not see the statement. */
    REFUSE,
    /** It is forwarded, and {@link Incidents#unrecorded} told. */
    FORWARD
  }
}

package io.crossfade.dualwrite.dirty;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the embedded dirty store works.
 *
 * @param directory where it lives; created when missing
 * @param stallLimit how long a write of an application may wait for the store before the debt flag
 *     is set
 * @param flagLimit how long it may then wait for the flag. A slow disk delays a write, it does not
 *     fail it: much longer than the stall limit
 * @param whenUnrecordable what becomes of a write when even the debt flag fails
 */
public record DirtyStoreConfig(
    Path directory, Duration stallLimit, Duration flagLimit, WhenUnrecordable whenUnrecordable) {
  /** With the stall limit's maximum it is still below what the relay grants a plugin. */
  public static final Duration FLAG_LIMIT = Duration.ofSeconds(8);

  /** The defaults in {@code directory}. */
  public DirtyStoreConfig(Path directory) {
    this(directory, Duration.ofMillis(200), FLAG_LIMIT, WhenUnrecordable.REFUSE);
  }

  /** What to do with a write that can be recorded nowhere. */
  public enum WhenUnrecordable {
    /** The client gets an error, MySQL does not see the statement. */
    REFUSE,
    /** It is forwarded, and {@link Incidents#unrecorded} told. */
    FORWARD
  }
}

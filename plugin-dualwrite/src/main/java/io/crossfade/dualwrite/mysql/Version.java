package io.crossfade.dualwrite.mysql;

import java.time.Duration;

/**
 * A version and how young it is.
 *
 * @param millis MySQL's clock when it was taken, milliseconds since 1970-01-01 UTC
 * @param takenNanos {@link System#nanoTime} of this process just before it was taken
 */
public record Version(long millis, long takenNanos) {
  /** Whether it was taken longer than {@code limit} ago, by this process's monotonic clock. */
  public boolean olderThan(Duration limit) {
    return System.nanoTime() - takenNanos > limit.toNanos();
  }
}

package io.crossfade.readswitch.route;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps reads away from an HBase that fails: after so many failures in a row nothing is tried for a
 * while, then one read at a time until one succeeds. Thread-safe.
 */
final class CircuitBreaker {
  private final LongSupplier nanos;
  private int failures;
  private boolean open;
  private boolean probing;
  private long openedAt;

  /**
   * @param nanos a clock such as {@code System::nanoTime}
   */
  CircuitBreaker(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether a read may be tried; each that may is followed by one call of {@link #record}. */
  synchronized boolean allows(Duration openFor) {
    if (!open) {
      return true;
    }
    if (probing || nanos.getAsLong() - openedAt < openFor.toNanos()) {
      return false;
    }
    probing = true;
    return true;
  }

  /**
   * How a read that was allowed went.
   *
   * @param limit after how many failures in a row to open
   * @return whether this opened or closed the breaker
   */
  synchronized boolean record(boolean success, int limit) {
    boolean wasOpen = open;
    probing = false;
    if (success) {
      failures = 0;
      open = false;
    } else if (++failures >= limit || open) {
      open = true;
      openedAt = nanos.getAsLong();
    }
    return wasOpen != open;
  }

  /** {@code closed}, {@code open} or {@code half-open}. */
  synchronized String state() {
    return open ? (probing ? "half-open" : "open") : "closed";
  }
}

package io.crossfade.dualwrite.reconcile;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Holds the threads of reconcile to a common rate. Thread-safe; blocks. */
public final class Throttle {
  private final IntSupplier rowsPerSecond;
  private long freeAtNanos = System.nanoTime();

  /**
   * @param rowsPerSecond the limit, asked each time; 0 = none
   */
  public Throttle(IntSupplier rowsPerSecond) {
    this.rowsPerSecond = rowsPerSecond;
  }

  /** Waits until {@code rows} more may have been read. */
  public void spend(int rows) throws InterruptedException {
    int limit = rowsPerSecond.getAsInt();
    if (limit <= 0 || rows == 0) {
      return;
    }
    long wait;
    synchronized (this) {
      long now = System.nanoTime();
      long cost = TimeUnit.SECONDS.toNanos(1) * rows / limit;
      freeAtNanos = Math.max(freeAtNanos, now) + cost;
      wait = freeAtNanos - now;
    }
    TimeUnit.NANOSECONDS.sleep(wait);
  }
}

package io.crossfade.dualwrite.mirror;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Which re-reads of one table are under way, from before their version is taken until their writes
 * are known to have landed or are abandoned. Thread-safe.
 *
 * <p>A range may be cleared only by a comparison that began when every earlier re-read had finished
 * and no write could land late: not one that was abandoned less than a write lifetime ago, nor one
 * of a dead incarnation of this process.
 */
public final class WriteTracker {
  private final Duration lifetime;
  private final java.util.TreeSet<Long> running = new java.util.TreeSet<>();
  private long next;
  private long abandoned;
  private long lateUntil;

  /**
   * @param lifetime after which an abandoned write can no longer land
   */
  public WriteTracker(Duration lifetime) {
    this.lifetime = lifetime;
    this.lateUntil = System.nanoTime() + lifetime.toNanos(); // writes of a dead incarnation
  }

  /** Begins a re-read; before its version is taken. */
  public synchronized Operation begin() {
    long id = next++;
    running.add(id);
    return new Operation(id);
  }

  /** One re-read. */
  public final class Operation {
    private final long id;

    private Operation(long id) {
      this.id = id;
    }

    /** All its writes have landed, or none was sent. */
    public void finished() {
      end(id, 0);
    }

    /** {@code writes} of its writes have an unknown fate. */
    public void abandoned(int writes) {
      end(id, writes);
    }
  }

  private synchronized void end(long id, int writes) {
    if (running.remove(id) && writes > 0) {
      abandoned += writes;
      lateUntil = System.nanoTime() + lifetime.toNanos();
    }
    notifyAll();
  }

  /**
   * Waits until every re-read begun before this call has ended.
   *
   * @return false when {@code limit} passed before
   */
  public synchronized boolean awaitEarlier(Duration limit) throws InterruptedException {
    long before = next;
    long deadline = System.nanoTime() + limit.toNanos();
    while (!running.isEmpty() && running.first() < before) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    return true;
  }

  /** How long until no write of the past can land late; zero or less when none can now. */
  public synchronized Duration untilSettled() {
    return Duration.ofNanos(lateUntil - System.nanoTime());
  }

  /** Writes abandoned since start. */
  public synchronized long abandoned() {
    return abandoned;
  }
}

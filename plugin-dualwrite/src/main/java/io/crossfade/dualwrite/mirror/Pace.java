package io.crossfade.dualwrite.mirror;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many workers of one table work at once, between 1 and the most configured: one more for about
 * as many batches as there are workers that went well, half as many after a failure, a quarter
 * fewer when batches take several times as long as others of their size did. Thread-safe.
 */
public final class Pace {
  private static final double AFTER_FAILURE = 0.5;
  private static final double AFTER_RISE = 0.75;

  /** Several workers see one trouble: it counts once. */
  private static final long CUT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int CLASSES = 16;
  private static final double FALL = 0.2;
  private static final double RISE = 0.01;
  private static final double SLOW = 4;
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final LongSupplier clock;
  private final double[] usual = new double[CLASSES];
  private double limit = 1;
  private int most = 1;
  private long cutAt;
  private boolean cut;

  public Pace() {
    this(System::nanoTime);
  }

  Pace(LongSupplier clock) {
    this.clock = clock;
  }

  /** Sets the most workers there may be. */
  public synchronized void most(int workers) {
    most = workers;
    limit = Math.min(limit, most);
    notifyAll();
  }

  /**
   * A batch of {@code keys} was re-read without a failure of either side.
   *
   * @return whether it took so long that there are fewer workers now
   */
  public synchronized boolean worked(int keys, long nanos) {
    if (rising(keys, nanos)) {
      return cut(AFTER_RISE);
    }
    limit = Math.min(most, limit + 1 / limit);
    notifyAll();
    return false;
  }

  /** A side failed, or says that it has too much to do. */
  public synchronized void failed() {
    cut(AFTER_FAILURE);
  }

  private boolean cut(double factor) {
    long now = clock.getAsLong();
    if (cut && now - cutAt < CUT_NANOS) {
      return false;
    }
    cut = true;
    cutAt = now;
    limit = Math.max(1, limit * factor);
    return true;
  }

  private boolean rising(int keys, long nanos) {
    int size = Math.min(CLASSES - 1, Integer.SIZE - Integer.numberOfLeadingZeros(keys));
    double before = usual[size];
    if (before == 0) {
      usual[size] = nanos;
      return false;
    }
    usual[size] += (nanos - before) * (nanos < before ? FALL : RISE);
    return nanos > SLOW_NANOS && nanos > SLOW * before;
  }

  /** How many may work at once, as it grows and falls. */
  public synchronized double limit() {
    return limit;
  }

  /**
   * Waits, at most {@code millis}, until worker {@code number} (from 0) may work.
   *
   * @param factor the share of the workers that may work, one always may
   * @return whether it may
   */
  synchronized boolean await(int number, double factor, long millis) throws InterruptedException {
    if (may(number, factor)) {
      return true;
    }
    TimeUnit.MILLISECONDS.timedWait(this, millis);
    return may(number, factor);
  }

  private boolean may(int number, double factor) {
    return number < Math.max(1, (int) (limit * factor));
  }
}

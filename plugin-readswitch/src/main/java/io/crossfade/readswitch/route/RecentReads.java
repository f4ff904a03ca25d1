package io.crossfade.readswitch.route;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Counts events by the second for the last hour, and all of them. Thread-safe. */
final class RecentReads {
  private static final int SECONDS = 3_600;

  private final LongSupplier epochSecond;
  private final long[] counts = new long[SECONDS];
  private long total;
  // The second that counts[current % SECONDS] stands for; the places behind it are older seconds.
  private long current;

  /**
   * @param epochSecond the wall clock; a step back is taken as the same second
   */
  RecentReads(LongSupplier epochSecond) {
    this.epochSecond = epochSecond;
    this.current = epochSecond.getAsLong();
  }

  synchronized void add() {
    advance();
    counts[(int) (current % SECONDS)]++;
    total++;
  }

  /** How many since {@code since}, its whole second included; beyond an hour ago: all ever. */
  synchronized long since(Instant since) {
    advance();
    long first = since.getEpochSecond();
    if (first <= current - SECONDS) {
      return total;
    }
    long sum = 0;
    for (long second = first; second <= current; second++) {
      sum += counts[(int) (second % SECONDS)];
    }
    return sum;
  }

  private void advance() {
    long now = epochSecond.getAsLong();
    if (now - current >= SECONDS) {
      Arrays.fill(counts, 0);
      current = now;
    }
    while (current < now) {
      current++;
      counts[(int) (current % SECONDS)] = 0;
    }
  }
}

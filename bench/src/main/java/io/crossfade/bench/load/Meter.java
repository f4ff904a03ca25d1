package io.crossfade.bench.load;

import org.HdrHistogram.Histogram;

/** What the clients of a run have measured. Used on the one event loop only. */
final class Meter {
  private static final long LONGEST_MICROS = 120_000_000;

  private final Histogram latencies = new Histogram(LONGEST_MICROS, 3);
  private long end = Long.MIN_VALUE;
  private long errors;
  private String firstError = "";
  private int busy;

  /** Clears everything; statements that end by {@code newEnd} (nanoTime) count. */
  void start(long newEnd) {
    latencies.reset();
    errors = 0;
    firstError = "";
    end = newEnd;
  }

  /** No further statement is begun from now on. */
  void stop() {
    end = Long.MIN_VALUE;
  }

  /** Whether a statement may begin at {@code now}. */
  boolean running(long now) {
    return now < end;
  }

  void began() {
    busy++;
  }

  void ended() {
    busy--;
  }

  /** Clients with a statement in flight. */
  int busy() {
    return busy;
  }

  /** A statement that ended in time. */
  void record(long nanos) {
    latencies.recordValue(Math.min(LONGEST_MICROS, Math.max(1, nanos / 1000)));
  }

  void error(String text) {
    errors++;
    if (firstError.isEmpty()) {
      firstError = text;
    }
  }

  Figures figures(double seconds) {
    return new Figures(
        latencies.getTotalCount(),
        seconds,
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(95) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3,
        errors,
        firstError);
  }
}

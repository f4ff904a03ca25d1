package io.crossfade.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Says whether a series of samples is flat: the straight line fitted to the last three quarters of
 * the run (the first is for warming up) must not rise by more than a bound from its beginning to
 * its end. Pure.
 */
final class Judge {
  private static final int FEWEST = 8;

  /**
   * What must not grow.
   *
   * @param what its name
   * @param unit of its figures
   * @param value its figure in a sample
   * @param floor growth over the window that is always allowed
   * @param share growth over the window that is allowed, as a share of the mean
   */
  record Bound(
      String what, String unit, ToDoubleFunction<Sample> value, double floor, double share) {
    double of(double mean) {
      return Math.max(floor, share * mean);
    }
  }

  static final List<Bound> BOUNDS =
      List.of(
          new Bound("heap after a collection", "MiB", Sample::heapMiB, 4, 0.05),
          new Bound("direct memory", "MiB", Sample::directMiB, 16, 0.05),
          new Bound("resident memory", "MiB", Sample::rssMiB, 16, 0.05),
          new Bound("file descriptors", "", Sample::files, 10, 0.05),
          new Bound("threads", "", Sample::threads, 5, 0.05),
          new Bound("MySQL's threads", "", Sample::mysqlThreads, 5, 0.05));

  private Judge() {}

  /** Judges every bound. */
  static List<Finding> flatness(List<Sample> samples) {
    List<Sample> window = samples.subList(samples.size() / 4, samples.size());
    List<Finding> out = new ArrayList<>();
    for (Bound bound : BOUNDS) {
      out.add(flat(bound, window));
    }
    return out;
  }

  private static Finding flat(Bound bound, List<Sample> window) {
    String what = bound.what() + " is flat";
    if (window.size() < FEWEST) {
      return new Finding(
          what, false, "only " + window.size() + " samples, " + FEWEST + " are needed");
    }
    double mean = window.stream().mapToDouble(bound.value()).average().orElse(0);
    double growth = growth(window, bound.value());
    double allowed = bound.of(mean);
    return new Finding(
        what,
        growth <= allowed,
        String.format(
            Locale.ROOT,
            "mean %.1f %s, grew by %+.1f over the last three quarters, allowed %.1f",
            mean,
            bound.unit(),
            growth,
            allowed));
  }

  /** How much the fitted line rises from the first sample to the last. */
  static double growth(List<Sample> samples, ToDoubleFunction<Sample> value) {
    double meanX = samples.stream().mapToLong(Sample::seconds).average().orElse(0);
    double meanY = samples.stream().mapToDouble(value).average().orElse(0);
    double covariance = 0;
    double variance = 0;
    for (Sample s : samples) {
      double x = s.seconds() - meanX;
      covariance += x * (value.applyAsDouble(s) - meanY);
      variance += x * x;
    }
    if (variance == 0) {
      return 0;
    }
    double span = samples.get(samples.size() - 1).seconds() - (double) samples.get(0).seconds();
    return covariance / variance * span;
  }

  /** Judges what is left when all clients are gone. */
  static List<Finding> leftovers(Sample before, Sample after, int socketsLeft, int threadsLeft) {
    return List.of(
        none("leak reports", after.leaks()),
        none("client sockets left in the proxy", socketsLeft),
        none("clients still counted", after.clients()),
        none("MySQL threads left", threadsLeft),
        new Finding(
            "buffers are given back",
            after.pinnedMiB() <= before.pinnedMiB() + 1,
            String.format(
                Locale.ROOT,
                "%.2f MiB held before, %.2f MiB after",
                before.pinnedMiB(),
                after.pinnedMiB())));
  }

  /** Something of which there must be none. */
  static Finding none(String what, long count) {
    return new Finding("no " + what, count == 0, Long.toString(count));
  }
}

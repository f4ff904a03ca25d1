package io.crossfade.sandbox.selftest;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Each fault of a run: how often, and how long until it was over. Used by one thread. */
final class Faults {
  /** Times of one kind of fault. */
  static final class Times {
    long count;
    Duration longestUntilUp = Duration.ZERO;
    Duration longestUntilEqual = Duration.ZERO;
  }

  private final Map<Fault, Times> all = new EnumMap<>(Fault.class);
  private final Map<Fault, Times> round = new EnumMap<>(Fault.class);

  void injected(Fault fault, Duration untilUp) {
    Times times = all.computeIfAbsent(fault, f -> new Times());
    times.count++;
    times.longestUntilUp = longer(times.longestUntilUp, untilUp);
    round.put(fault, times);
  }

  /** Traffic stopped and after {@code time} nothing was dirty any more. */
  void converged(Duration time) {
    round.values().forEach(t -> t.longestUntilEqual = longer(t.longestUntilEqual, time));
    round.clear();
  }

  Map<Fault, Times> all() {
    return all;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}

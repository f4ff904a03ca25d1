package io.crossfade.sandbox.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Latencies in microseconds by phase and kind of operation. Thread-safe. */
public final class Latencies {
  /** What an operation is. */
  public enum Kind {
    READ,
    WRITE
  }

  private final Map<String, Map<Kind, Histogram>> byPhase = new LinkedHashMap<>();
  private volatile Map<Kind, Histogram> current;

  public Latencies(String firstPhase) {
    current = newPhase();
    byPhase.put(firstPhase, current);
  }

  /** Operations that end from now on count for {@code phase}. */
  public synchronized void phase(String phase) {
    current = byPhase.computeIfAbsent(phase, p -> newPhase());
  }

  /** Counts one operation. */
  public void record(Kind kind, long nanos) {
    Histogram h = current.get(kind);
    if (h != null) {
      h.recordValue(Math.max(1, nanos / 1_000));
    }
  }

  /** Copies of the histograms of each phase, in order of appearance. */
  public synchronized Map<String, Map<Kind, Histogram>> snapshot() {
    Map<String, Map<Kind, Histogram>> out = new LinkedHashMap<>();
    byPhase.forEach(
        (phase, kinds) -> {
          Map<Kind, Histogram> copy = new LinkedHashMap<>();
          kinds.forEach((k, h) -> copy.put(k, h.copy()));
          out.put(phase, copy);
        });
    return out;
  }

  private static Map<Kind, Histogram> newPhase() {
    Map<Kind, Histogram> kinds = new LinkedHashMap<>();
    for (Kind k : Kind.values()) {
      Histogram h = new ConcurrentHistogram(3);
      h.setAutoResize(true);
      kinds.put(k, h);
    }
    return Map.copyOf(kinds);
  }
}

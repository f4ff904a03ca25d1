package io.crossfade.bench.report;

import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.load.Mode;
import io.crossfade.bench.load.Workload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * A workload in a mode with a number of connections, and what all targets did with it.
 *
 * @param rounds one list a target; the same index is the same round
 * @param allocated heap bytes per query, where the target tells
 */
public record Combination(
    Workload workload,
    Mode mode,
    int connections,
    Map<Kind, List<Round>> rounds,
    Map<Kind, Double> allocated) {
  /** Below this much added latency, in ms, nothing was measurably added. */
  private static final double LEAST_ADDED_MS = 0.02;

  /** Copies the maps. */
  public Combination {
    EnumMap<Kind, List<Round>> copy = new EnumMap<>(Kind.class);
    rounds.forEach((kind, list) -> copy.put(kind, List.copyOf(list)));
    rounds = copy;
    allocated = Map.copyOf(allocated);
  }

  /** As tables call it. */
  public String title() {
    return workload.label() + ", " + mode.label() + ", " + connections;
  }

  /** Who took part, in the order of the tables. */
  public Set<Kind> kinds() {
    return rounds.keySet();
  }

  /** The median over the rounds. */
  public OptionalDouble median(Kind kind, Metric metric) {
    return Statistics.median(values(kind, metric));
  }

  /** The median of the rounds' ratios. */
  public OptionalDouble ratio(Kind kind, Kind base, Metric metric) {
    return Statistics.medianRatio(values(kind, metric), values(base, metric), 0);
  }

  /**
   * How much latency {@code kind} adds to direct, in units of what {@code base} adds; empty where
   * the base adds nothing that can be measured.
   */
  public OptionalDouble addedP95(Kind kind, Kind base) {
    return Statistics.medianRatio(added(kind), added(base), LEAST_ADDED_MS);
  }

  /**
   * CPU seconds of the target's process per 1,000 queries, over all rounds: hardly anything else on
   * the machine changes it, so that the more queries it is taken from the better.
   */
  public OptionalDouble proxyCpu(Kind kind) {
    return cpuPer1000(kind, Round::proxyCpu);
  }

  /** CPU seconds of MySQL per 1,000 queries, over all rounds. */
  public OptionalDouble mysqlCpu(Kind kind) {
    return cpuPer1000(kind, Round::mysqlCpu);
  }

  /**
   * The ratio of two {@link #proxyCpu(Kind)}; empty where the base took nothing that can be
   * measured.
   */
  public OptionalDouble proxyCpuRatio(Kind kind, Kind base) {
    OptionalDouble own = proxyCpu(kind);
    OptionalDouble other = proxyCpu(base);
    return own.isPresent() && other.isPresent() && other.getAsDouble() > 0
        ? OptionalDouble.of(own.getAsDouble() / other.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble cpuPer1000(Kind kind, ToDoubleFunction<Round> seconds) {
    List<Round> all = rounds.getOrDefault(kind, List.of());
    long queries = all.stream().mapToLong(round -> round.figures().queries()).sum();
    return queries == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(all.stream().mapToDouble(seconds).sum() * 1000 / queries);
  }

  private List<Double> added(Kind kind) {
    List<Double> own = values(kind, Metric.P95);
    List<Double> direct = values(Kind.DIRECT, Metric.P95);
    List<Double> out = new ArrayList<>();
    for (int i = 0; i < Math.min(own.size(), direct.size()); i++) {
      out.add(own.get(i) - direct.get(i));
    }
    return out;
  }

  private List<Double> values(Kind kind, Metric metric) {
    return rounds.getOrDefault(kind, List.of()).stream().map(metric::of).toList();
  }
}

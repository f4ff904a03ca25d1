package io.crossfade.bench.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/** Medians, and medians of per-round ratios. */
public final class Statistics {
  private Statistics() {}

  /** The middle value, or the mean of the two in the middle; empty of nothing. */
  public static OptionalDouble median(Collection<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int n = sorted.size();
    if (n == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of((sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2);
  }

  /**
   * The median of {@code values[i] / base[i]}, over the rounds that both have and where the base is
   * above {@code least}: below, the ratio would be noise.
   */
  public static OptionalDouble medianRatio(List<Double> values, List<Double> base, double least) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(values.size(), base.size()); i++) {
      if (base.get(i) > least) {
        ratios.add(values.get(i) / base.get(i));
      }
    }
    return median(ratios);
  }
}

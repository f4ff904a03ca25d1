package io.crossfade.bench.report;

import java.util.function.ToDoubleFunction;

/** What is compared round by round. */
public enum Metric {
  THROUGHPUT(round -> round.figures().perSecond()),
  P50(round -> round.figures().p50()),
  P95(round -> round.figures().p95()),
  P99(round -> round.figures().p99()),
  FOREIGN(Round::foreignCores);

  private final ToDoubleFunction<Round> value;

  Metric(ToDoubleFunction<Round> value) {
    this.value = value;
  }

  double of(Round round) {
    return value.applyAsDouble(round);
  }
}

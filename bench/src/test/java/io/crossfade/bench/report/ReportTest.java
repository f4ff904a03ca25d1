package io.crossfade.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.load.Figures;
import io.crossfade.bench.load.Mode;
import io.crossfade.bench.load.Workload;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Report REPORT =
      new Report(
          List.of("2 cores"),
          List.of(
              new Combination(
                  Workload.POINT,
                  Mode.TEXT,
                  16,
                  Map.of(
                      Kind.DIRECT, List.of(round(20_000, 1, 0)),
                      Kind.HAPROXY, List.of(round(10_000, 2, 0.2)),
                      Kind.RELAY, List.of(round(9_800, 2.1, 0.25))),
                  Map.of(Kind.RELAY, 480.0))),
          List.of(new Idle(Kind.RELAY, 5000, 40_960, OptionalDouble.of(20_480))),
          5000);

  @Test
  void detailsHaveALineForEachTargetWithItsRatios() {
    assertThat(REPORT.details())
        .contains("### point, text, 16 connections")
        .containsPattern("\\| direct +\\| +20000 \\| +1\\.000 \\|")
        .containsPattern("\\| HAProxy \\(TCP\\) +\\| +10000 \\| +0\\.500 \\| +1\\.000 \\|")
        .containsPattern("\\| Crossfade: relay +\\| +9800 \\| +0\\.490 \\| +0\\.980 \\|")
        .containsPattern("Crossfade: relay.* 0\\.0255 \\| +1\\.28 \\| .* 480 \\|");
  }

  @Test
  void summaryHasCircumstancesBudgetsOverviewsAndIdleConnections() {
    assertThat(REPORT.summary())
        .startsWith("- 2 cores\n")
        .contains("### Budgets", "### Throughput, × direct", "### Idle connections")
        .containsPattern("relay: throughput ≥ 0.95 × HAProxy at 16 and 64 +\\| met +\\| 1 of 1")
        .containsPattern("\\| point, text, 16 +\\| +20000 \\| +0\\.50 \\| +0\\.49 \\|")
        .containsPattern("Crossfade: relay +\\| +5000 \\| +40\\.0 \\| +20\\.0 \\|");
  }

  @Test
  void everyLineOfATableHasAsManyCellsAsItsHead() {
    String head = REPORT.details().lines().filter(l -> l.startsWith("|")).findFirst().orElseThrow();

    assertThat(REPORT.details().lines().filter(l -> l.startsWith("|")))
        .hasSize(5)
        .allMatch(line -> cells(line) == cells(head));
  }

  private static long cells(String line) {
    return line.chars().filter(c -> c == '|').count();
  }

  private static Round round(long queries, double p95, double cpu) {
    return new Round(new Figures(queries, 1, p95 / 2, p95, p95 * 2, 0, ""), cpu, 1, 0);
  }
}

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

class BudgetsTest {
  @Test
  void aBudgetIsMetWhenEveryCombinationKeepsIt() {
    List<Combination> run = List.of(point(16, 0.96), point(64, 0.95));

    Verdict verdict = verdict(run, "Crossfade: relay: throughput ≥ 0.95");

    assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.MET);
    assertThat(verdict.kept()).isEqualTo(2);
    assertThat(verdict.worst()).isEqualTo("0.95 (point, prepared, 64)");
  }

  @Test
  void oneCombinationBelowTheLimitIsEnoughToMissIt() {
    List<Combination> run = List.of(point(16, 0.94), point(64, 1.10));

    Verdict verdict = verdict(run, "Crossfade: relay: throughput ≥ 0.95");

    assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.NOT_MET);
    assertThat(verdict.kept()).isEqualTo(1);
    assertThat(verdict.measured()).isEqualTo(2);
    assertThat(verdict.worst()).isEqualTo("0.94 (point, prepared, 16)");
  }

  @Test
  void unwatchedTrafficIsJudgedAt16And64ConnectionsOnly() {
    assertThat(verdict(List.of(point(1, 0.5), point(256, 0.5)), "relay: throughput ≥ 0.95"))
        .extracting(Verdict::outcome)
        .isEqualTo(Verdict.Outcome.NOT_MEASURED);
  }

  @Test
  void addedLatencyIsComparedWithWhatHaproxyAdds() {
    // direct 1 ms, HAProxy 2 ms, relay 2.2 ms: adds 1.2 times as much
    Combination kept = latencies(1, 2, 2.2);
    Combination missed = latencies(1, 2, 2.4);
    Combination noise = latencies(2, 2, 9);

    assertThat(verdict(List.of(kept), "relay: added p95").outcome()).isEqualTo(Verdict.Outcome.MET);
    assertThat(verdict(List.of(kept, missed), "relay: added p95").outcome())
        .isEqualTo(Verdict.Outcome.NOT_MET);
    assertThat(verdict(List.of(noise), "relay: added p95").outcome())
        .isEqualTo(Verdict.Outcome.NOT_MEASURED);
  }

  @Test
  void processorTimeIsTakenOverAllRounds() {
    // HAProxy: 0 and 20 ms in rounds of 1,000 queries, relay: 12 ms in each
    Combination c =
        new Combination(
            Workload.POINT,
            Mode.TEXT,
            16,
            Map.of(
                Kind.HAPROXY, List.of(round(1000, 1, 0.00), round(1000, 1, 0.02)),
                Kind.RELAY, List.of(round(1000, 1, 0.012), round(1000, 1, 0.012))),
            Map.of());

    assertThat(c.proxyCpu(Kind.HAPROXY)).hasValue(0.01);
    assertThat(c.proxyCpuRatio(Kind.RELAY, Kind.HAPROXY)).hasValue(1.2);
    assertThat(verdict(List.of(c), "relay: CPU per query ≤ 1.2").outcome())
        .isEqualTo(Verdict.Outcome.MET);
  }

  @Test
  void watchedChangesAreComparedWithDirectFrom16ConnectionsOn() {
    assertThat(verdict(List.of(dml(1, 0.2), dml(16, 0.85)), "watched: DML").outcome())
        .isEqualTo(Verdict.Outcome.MET);
    assertThat(verdict(List.of(dml(16, 0.9), dml(256, 0.8)), "watched: DML").outcome())
        .isEqualTo(Verdict.Outcome.NOT_MET);
  }

  @Test
  void shardingSphereIsBeatenInThroughputOrInProcessorTime() {
    assertThat(verdict(List.of(against(3.0, 1.0)), "relay: ≥ 3").outcome())
        .isEqualTo(Verdict.Outcome.MET);
    assertThat(verdict(List.of(against(1.0, 3.5)), "relay: ≥ 3").outcome())
        .isEqualTo(Verdict.Outcome.MET);
    assertThat(verdict(List.of(against(2.9, 2.9)), "relay: ≥ 3").outcome())
        .isEqualTo(Verdict.Outcome.NOT_MET);
  }

  @Test
  void idleConnectionsMustBeSmallAndAllThere() {
    assertThat(idle(32 * 1024, 5000).outcome()).isEqualTo(Verdict.Outcome.MET);
    assertThat(idle(33 * 1024, 5000).outcome()).isEqualTo(Verdict.Outcome.NOT_MET);
    assertThat(idle(1024, 4999).outcome()).isEqualTo(Verdict.Outcome.NOT_MET);
    assertThat(verdict(List.of(), "relay: an idle").outcome())
        .isEqualTo(Verdict.Outcome.NOT_MEASURED);
  }

  private static Verdict idle(double bytes, int connections) {
    Idle idle = new Idle(Kind.RELAY, connections, 0, OptionalDouble.of(bytes));
    return find(Budgets.judge(List.of(), List.of(idle), 5000), "relay: an idle");
  }

  private static Verdict verdict(List<Combination> run, String title) {
    return find(Budgets.judge(run, List.of(), 0), title);
  }

  private static Verdict find(List<Verdict> verdicts, String title) {
    return verdicts.stream().filter(v -> v.budget().contains(title)).findFirst().orElseThrow();
  }

  private static Combination point(int connections, double relay) {
    return new Combination(
        Workload.POINT,
        Mode.PREPARED,
        connections,
        Map.of(
            Kind.HAPROXY, List.of(round(10_000, 1, 1)),
            Kind.RELAY, List.of(round(Math.round(10_000 * relay), 1, 1))),
        Map.of());
  }

  private static Combination latencies(double direct, double haproxy, double relay) {
    return new Combination(
        Workload.POINT,
        Mode.PREPARED,
        16,
        Map.of(
            Kind.DIRECT, List.of(round(1000, direct, 0)),
            Kind.HAPROXY, List.of(round(1000, haproxy, 1)),
            Kind.RELAY, List.of(round(1000, relay, 1))),
        Map.of());
  }

  private static Combination dml(int connections, double watched) {
    return new Combination(
        Workload.DML,
        Mode.PREPARED,
        connections,
        Map.of(
            Kind.DIRECT, List.of(round(10_000, 1, 0)),
            Kind.WATCHED, List.of(round(Math.round(10_000 * watched), 1, 1))),
        Map.of());
  }

  /** As if ShardingSphere-Proxy had answered 1,000 queries with one second of CPU time. */
  private static Combination against(double throughput, double cpu) {
    long queries = Math.round(1000 * throughput);
    return new Combination(
        Workload.MIXED,
        Mode.TEXT,
        64,
        Map.of(
            Kind.SHARDINGSPHERE, List.of(round(1000, 1, 1)),
            Kind.RELAY, List.of(round(queries, 1, queries / 1000.0 / cpu))),
        Map.of());
  }

  private static Round round(long queries, double p95, double cpu) {
    return new Round(new Figures(queries, 1, p95, p95, p95, 0, ""), cpu, 0, 0);
  }
}

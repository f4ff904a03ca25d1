package io.crossfade.bench.report;

import static io.crossfade.bench.report.Budget.Sense.AT_LEAST;
import static io.crossfade.bench.report.Budget.Sense.AT_MOST;

import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.load.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** What the relay and the mirror may cost. */
public final class Budgets {
  private static final double IDLE_BYTES = 32 * 1024;
  private static final Predicate<Combination> BUSY =
      c -> c.connections() == 16 || c.connections() == 64;

  private Budgets() {}

  /** Judges a run; a budget whose targets did not take part is not measured. */
  public static List<Verdict> judge(
      List<Combination> combinations, List<Idle> idle, int idleAskedFor) {
    List<Verdict> out = new ArrayList<>();
    for (Kind kind : List.of(Kind.RELAY, Kind.BESIDE)) {
      for (Budget budget : unwatched(kind)) {
        out.add(budget.judge(combinations));
      }
    }
    out.add(watchedChanges().judge(combinations));
    for (Kind kind : List.of(Kind.RELAY, Kind.BESIDE, Kind.WATCHED)) {
      out.add(aheadOfShardingSphere(kind).judge(combinations));
    }
    for (Kind kind : List.of(Kind.RELAY, Kind.BESIDE, Kind.WATCHED)) {
      out.add(idle(kind, idle, idleAskedFor));
    }
    return out;
  }

  private static List<Budget> unwatched(Kind kind) {
    String who = kind.title() + ": ";
    return List.of(
        new Budget(
            who + "throughput ≥ 0.95 × HAProxy at 16 and 64",
            BUSY,
            c -> c.ratio(kind, Kind.HAPROXY, Metric.THROUGHPUT),
            AT_LEAST,
            0.95),
        new Budget(
            who + "added p95 ≤ 1.3 × HAProxy's at 16 and 64",
            BUSY,
            c -> c.addedP95(kind, Kind.HAPROXY),
            AT_MOST,
            1.3),
        new Budget(
            who + "CPU per query ≤ 1.2 × HAProxy at 16 and 64",
            BUSY,
            c -> c.proxyCpuRatio(kind, Kind.HAPROXY),
            AT_MOST,
            1.2),
        new Budget(
            who + "throughput ahead of MySQL Router at 16 and 64",
            BUSY,
            c -> c.ratio(kind, Kind.ROUTER, Metric.THROUGHPUT),
            AT_LEAST,
            1),
        new Budget(
            who + "CPU per query ahead of MySQL Router at 16 and 64",
            BUSY,
            c -> c.proxyCpuRatio(kind, Kind.ROUTER),
            AT_MOST,
            1),
        new Budget(
            who + "list of 5,000: throughput ≥ 0.97 × HAProxy",
            c -> c.workload() == Workload.LIST5000,
            c -> c.ratio(kind, Kind.HAPROXY, Metric.THROUGHPUT),
            AT_LEAST,
            0.97));
  }

  private static Budget watchedChanges() {
    return new Budget(
        Kind.WATCHED.title() + ": DML ≥ 0.85 × direct throughput at 16 and more",
        c -> c.workload() == Workload.DML && c.connections() >= 16,
        c -> c.ratio(Kind.WATCHED, Kind.DIRECT, Metric.THROUGHPUT),
        AT_LEAST,
        0.85);
  }

  private static Budget aheadOfShardingSphere(Kind kind) {
    return new Budget(
        kind.title() + ": ≥ 3 × ahead of ShardingSphere-Proxy in throughput or CPU per query",
        c -> true,
        c -> {
          OptionalDouble throughput = c.ratio(kind, Kind.SHARDINGSPHERE, Metric.THROUGHPUT);
          OptionalDouble cpu = c.proxyCpuRatio(Kind.SHARDINGSPHERE, kind);
          return throughput.isPresent() && cpu.isPresent()
              ? OptionalDouble.of(Math.max(throughput.getAsDouble(), cpu.getAsDouble()))
              : throughput.isPresent() ? throughput : cpu;
        },
        AT_LEAST,
        3);
  }

  private static Verdict idle(Kind kind, List<Idle> all, int askedFor) {
    String title = kind.title() + ": an idle connection ≤ 32 KiB of heap and direct memory";
    return all.stream()
        .filter(idle -> idle.kind() == kind && idle.jvmPerConnection().isPresent())
        .findFirst()
        .map(
            idle -> {
              double bytes = idle.jvmPerConnection().getAsDouble();
              boolean kept = bytes <= IDLE_BYTES && idle.connections() >= askedFor;
              return new Verdict(
                  title,
                  kept ? Verdict.Outcome.MET : Verdict.Outcome.NOT_MET,
                  kept ? 1 : 0,
                  1,
                  String.format(
                      Locale.ROOT, "%.1f KiB (%d connections)", bytes / 1024, idle.connections()));
            })
        .orElseGet(() -> new Verdict(title, Verdict.Outcome.NOT_MEASURED, 0, 0, ""));
  }
}

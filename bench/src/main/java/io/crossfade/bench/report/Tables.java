package io.crossfade.bench.report;

import io.crossfade.bench.lab.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Markdown tables whose columns also line up in a terminal. */
public final class Tables {
  private static final String NONE = "–";

  private Tables() {}

  /** The budgets. */
  public static String budgets(List<Verdict> verdicts) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("budget", "", "kept in", "worst"));
    for (Verdict v : verdicts) {
      rows.add(
          List.of(
              v.budget(),
              v.outcome().text(),
              v.measured() == 0 ? NONE : v.kept() + " of " + v.measured(),
              v.worst().isEmpty() ? NONE : v.worst()));
    }
    return table(rows, 4);
  }

  /** One combination, one line a target. */
  public static String combination(Combination c) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "target",
            "queries/s",
            "× direct",
            "× HAProxy",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "p95 × direct",
            "CPU s/1000",
            "× HAProxy",
            "MySQL CPU",
            "foreign",
            "B/query"));
    for (Kind kind : c.kinds()) {
      boolean proxy = kind != Kind.DIRECT;
      rows.add(
          List.of(
              kind.title(),
              text("%.0f", c.median(kind, Metric.THROUGHPUT)),
              text("%.3f", c.ratio(kind, Kind.DIRECT, Metric.THROUGHPUT)),
              text("%.3f", c.ratio(kind, Kind.HAPROXY, Metric.THROUGHPUT)),
              text("%.2f", c.median(kind, Metric.P50)),
              text("%.2f", c.median(kind, Metric.P95)),
              text("%.2f", c.median(kind, Metric.P99)),
              text("%.2f", c.ratio(kind, Kind.DIRECT, Metric.P95)),
              proxy ? text("%.4f", c.proxyCpu(kind)) : NONE,
              proxy ? text("%.2f", c.proxyCpuRatio(kind, Kind.HAPROXY)) : NONE,
              text("%.4f", c.mysqlCpu(kind)),
              text("%.2f", c.median(kind, Metric.FOREIGN)),
              c.allocated().containsKey(kind)
                  ? text("%.0f", OptionalDouble.of(c.allocated().get(kind)))
                  : NONE));
    }
    return table(rows, 1);
  }

  /** Throughput of every target as a ratio to direct, one line a combination. */
  public static String throughput(List<Combination> all) {
    return overview(
        all,
        "direct, queries/s",
        (c, kind) ->
            kind == Kind.DIRECT
                ? text("%.0f", c.median(kind, Metric.THROUGHPUT))
                : text("%.2f", c.ratio(kind, Kind.DIRECT, Metric.THROUGHPUT)));
  }

  /** 95th percentiles of every target as ratios to direct, one line a combination. */
  public static String latency(List<Combination> all) {
    return overview(
        all,
        "direct, p95 ms",
        (c, kind) ->
            kind == Kind.DIRECT
                ? text("%.2f", c.median(kind, Metric.P95))
                : text("%.2f", c.ratio(kind, Kind.DIRECT, Metric.P95)));
  }

  /** CPU seconds per 1,000 queries of every proxy, one line a combination. */
  public static String cpu(List<Combination> all) {
    return overview(
        all,
        "MySQL, direct",
        (c, kind) ->
            kind == Kind.DIRECT ? text("%.4f", c.mysqlCpu(kind)) : text("%.4f", c.proxyCpu(kind)));
  }

  private static String overview(
      List<Combination> all, String direct, BiFunction<Combination, Kind, String> cell) {
    Set<Kind> kinds = new TreeSet<>();
    all.forEach(c -> kinds.addAll(c.kinds()));
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("workload, mode, connections"));
    kinds.forEach(kind -> head.add(kind == Kind.DIRECT ? direct : kind.title()));
    rows.add(head);
    for (Combination c : all) {
      List<String> row = new ArrayList<>(List.of(c.title()));
      kinds.forEach(kind -> row.add(c.kinds().contains(kind) ? cell.apply(c, kind) : NONE));
      rows.add(row);
    }
    return table(rows, 1);
  }

  /** Memory of idle connections. */
  public static String idle(List<Idle> all) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("target", "idle connections", "KiB resident each", "KiB heap and direct each"));
    for (Idle idle : all) {
      rows.add(
          List.of(
              idle.kind().title(),
              Integer.toString(idle.connections()),
              text("%.1f", OptionalDouble.of(idle.residentPerConnection() / 1024)),
              idle.jvmPerConnection().isPresent()
                  ? text("%.1f", OptionalDouble.of(idle.jvmPerConnection().getAsDouble() / 1024))
                  : NONE));
    }
    return table(rows, 1);
  }

  private static String text(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : NONE;
  }

  /** The first row is the head; the first {@code left} columns are text, the others figures. */
  public static String table(List<List<String>> rows, int left) {
    int columns = rows.get(0).size();
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        width[i] = Math.max(Math.max(3, width[i]), row.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      out.append('|');
      for (int i = 0; i < columns; i++) {
        String format = i < left ? " %-" + width[i] + "s |" : " %" + width[i] + "s |";
        out.append(String.format(Locale.ROOT, format, rows.get(r).get(i)));
      }
      out.append('\n');
      if (r == 0) {
        out.append('|');
        for (int i = 0; i < columns; i++) {
          out.append(i < left ? ":" + "-".repeat(width[i] + 1) : "-".repeat(width[i] + 1) + ":");
          out.append('|');
        }
        out.append('\n');
      }
    }
    return out.toString();
  }
}

package io.crossfade.bench.mirror;

import io.crossfade.bench.report.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures as Markdown tables. */
final class MirrorReport {
  private MirrorReport() {}

  /** Throughput and lag. */
  static String rates(List<Rate> all) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "writes/s asked for",
            "writes/s done",
            "keys/s mirrored",
            "lag p50 ms",
            "lag p99 ms",
            "clean after s"));
    for (Rate r : all) {
      rows.add(
          List.of(
              Integer.toString(r.asked()),
              text("%.0f", r.done()),
              text("%.0f", r.mirrored()),
              text("%.0f", r.lagP50Millis()),
              text("%.0f", r.lagP99Millis()),
              text("%.1f", r.drainSeconds())));
    }
    return section("Mirror: throughput and lag", Tables.table(rows, 0));
  }

  /** Catching up. */
  static String catchUp(CatchUp c) {
    return section(
        "Mirror: catching up after HBase was down",
        Tables.table(
            List.of(
                List.of(
                    "down s",
                    "writes meanwhile",
                    "p99 ms",
                    "errors",
                    "dirty keys",
                    "clean after s",
                    "keys/s"),
                List.of(
                    text("%.0f", c.outageSeconds()),
                    Long.toString(c.writes()),
                    text("%.1f", c.p99Millis()),
                    Long.toString(c.errors()),
                    Long.toString(c.dirtyKeys()),
                    text("%.1f", c.seconds()),
                    text("%.0f", c.keysPerSecond()))),
            0));
  }

  /** Memory and disk. */
  static String footprint(Footprint f) {
    return section(
        "Mirror: memory and disk of dirty keys",
        Tables.table(
            List.of(
                List.of("dirty keys", "heap MiB per million", "disk MiB per million"),
                List.of(
                    Long.toString(f.keys()),
                    text("%.0f", f.heapMiBPerMillion()),
                    text("%.0f", f.diskMiBPerMillion()))),
            0));
  }

  /** What statements cost. */
  static String overheads(List<Overhead> all) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("statement", "direct, per s", "× direct"));
    for (Overhead o : all) {
      rows.add(List.of(o.statement(), text("%.0f", o.direct()), text("%.2f", o.ratio())));
    }
    return section("Mirror: what it costs the application, one connection", Tables.table(rows, 1));
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String section(String title, String body) {
    return "\n### " + title + "\n\n" + body;
  }
}

package io.crossfade.bench.soak;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report as text. */
final class SoakReport {
  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%7s %9s %9s %9s %8s %6s %8s %8s %7s %6s %6s",
          "s",
          "heap MiB",
          "pool MiB",
          "held MiB",
          "RSS MiB",
          "files",
          "threads",
          "clients",
          "mysqld",
          "leaks",
          "CPU %");

  private SoakReport() {}

  /** One sample as a line; {@code before} tells what the CPU time is measured from. */
  static String line(Sample s, Sample before) {
    double elapsed = Math.max(1, s.seconds() - before.seconds());
    return String.format(
        Locale.ROOT,
        "%7d %9.1f %9.1f %9.2f %8.1f %6d %8d %8d %7d %6d %6.1f",
        s.seconds(),
        s.heapMiB(),
        s.directMiB(),
        s.pinnedMiB(),
        s.rssMiB(),
        s.files(),
        s.threads(),
        s.clients(),
        s.mysqlThreads(),
        s.leaks(),
        100 * (s.cpuSeconds() - before.cpuSeconds()) / elapsed);
  }

  /** The counts of actions and the verdict. */
  static String verdict(Outcomes mixed, String watched, List<Finding> findings) {
    StringBuilder out = new StringBuilder();
    out.append("Actions that ended as they should: ").append(mixed.total()).append('\n');
    table(out, mixed.byKind());
    out.append("Failures: ").append(mixed.failures()).append('\n');
    table(out, mixed.failuresByKind());
    mixed.firstFailures().forEach(f -> out.append("    ").append(f).append('\n'));
    out.append("Clients of the watched table: ").append(watched).append("\n\n");
    for (Finding f : findings) {
      out.append(f.good() ? "ok      " : "FAILED  ");
      out.append(f.what()).append(": ").append(f.figures()).append('\n');
    }
    boolean good = findings.stream().allMatch(Finding::good);
    return out.append(good ? "\nVERDICT: passed\n" : "\nVERDICT: FAILED\n").toString();
  }

  private static void table(StringBuilder out, Map<String, Long> counts) {
    counts.forEach((k, v) -> out.append(String.format(Locale.ROOT, "  %8d  %s%n", v, k)));
  }
}

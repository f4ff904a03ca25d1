package io.crossfade.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.workload.Latencies.Kind;
import io.crossfade.sandbox.workload.Tally;
import io.crossfade.sandbox.workload.Workload;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What the demo measured, in the end. */
final class Summary {
  private final Terminal terminal;

  Summary(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Prints everything; returns 0 only if there was no error and no difference. */
  int print(
      Workload workload,
      JsonNode verified,
      String reads,
      IndependentComparison.Outcome compared,
      String report) {
    Tally t = workload.tally();
    terminal.step("Summary");
    row("application operations", "%,d in %,d sessions".formatted(t.operations(), t.sessions()));
    row("rolled back on purpose", "%,d transactions".formatted(t.rollbacks()));
    row("deadlocks repeated", "%,d (as on MySQL itself)".formatted(t.retries()));
    row("application errors", mark(t.errors()));
    row("stale reads", mark(t.staleReads()));
    row(
        "verification under traffic",
        "%,d rows compared, %s differing"
            .formatted(verified.path("compared").asLong(), verified.path("differing").asLong()));
    row("reads", reads);
    row("independent comparison", "%,d rows compared".formatted(compared.compared()));
    row("rows differing", mark(compared.differing()));
    row("report", report);
    terminal.raw("");
    terminal.raw(
        "  latency, ms %31s %10s %8s %8s %8s".formatted("", "operations", "p50", "p95", "p99"));
    for (Map.Entry<String, Map<Kind, Histogram>> phase :
        workload.latencies().snapshot().entrySet()) {
      for (Kind kind : Kind.values()) {
        Histogram h = phase.getValue().get(kind);
        if (h != null && h.getTotalCount() > 0) {
          terminal.raw(
              String.format(
                  Locale.ROOT,
                  "  %-34s %-8s %,10d %8.2f %8.2f %8.2f",
                  phase.getKey(),
                  kind.name().toLowerCase(Locale.ROOT),
                  h.getTotalCount(),
                  h.getValueAtPercentile(50) / 1e3,
                  h.getValueAtPercentile(95) / 1e3,
                  h.getValueAtPercentile(99) / 1e3));
        }
      }
    }
    t.firstErrors().forEach(e -> terminal.raw(terminal.red("  " + e)));
    compared.examples().forEach(e -> terminal.raw(terminal.red("  differs: " + e)));
    boolean good = t.errors() == 0 && t.staleReads() == 0 && compared.differing() == 0;
    terminal.raw("");
    terminal.raw(
        good
            ? terminal.green(terminal.bold("  0 application errors, 0 differing rows."))
            : terminal.red("  The migration is NOT clean: see above."));
    return good ? 0 : 1;
  }

  private void row(String what, String value) {
    terminal.raw("  %-28s %s".formatted(what, value));
  }

  private String mark(long mustBeZero) {
    String text = "%,d".formatted(mustBeZero);
    return mustBeZero == 0 ? terminal.green(text) : terminal.red(text);
  }
}

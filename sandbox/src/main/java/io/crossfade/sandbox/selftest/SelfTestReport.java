package io.crossfade.sandbox.selftest;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what happens, on the terminal and in a file. */
final class SelfTestReport implements AutoCloseable {
  private final PrintStream file;
  private final long started = System.nanoTime();

  SelfTestReport(Path file) throws IOException {
    this.file = new PrintStream(file.toFile(), StandardCharsets.UTF_8);
  }

  void say(String format, @Nullable Object... arguments) {
    String text =
        String.format(
            Locale.ROOT,
            "[%6.1f s] %s",
            (System.nanoTime() - started) / 1e9,
            String.format(Locale.ROOT, format, arguments));
    line(text);
  }

  private void line(String text) {
    System.out.println(text);
    file.println(text);
    file.flush();
  }

  /** The end of a run. */
  void summary(
      long seed,
      Counts counts,
      Faults faults,
      Verdict verdict,
      Duration longest,
      long byHBase,
      Map<String, Long> captured) {
    line("");
    row("seed", String.valueOf(seed));
    row("statements", total(counts.statements()) + ": " + list(counts.statements()));
    row("errors, code/SQLSTATE", total(counts.errors()) + ": " + list(counts.errors()));
    row("events", list(counts.events()));
    row("reads answered by HBase", "%,d since the proxy last started".formatted(byHBase));
    row("keys by, since then", list(captured));
    faults
        .all()
        .forEach(
            (fault, t) ->
                row(
                    fault.text(),
                    String.format(
                        Locale.ROOT,
                        "%d times, longest until up %.1f s, until equal %.1f s",
                        t.count,
                        t.longestUntilUp.toMillis() / 1e3,
                        t.longestUntilEqual.toMillis() / 1e3)));
    row("longest time to converge", "%.1f s".formatted(longest.toMillis() / 1e3));
    row(
        "compared",
        "%,d rows in %,d comparisons of a table".formatted(verdict.compared(), verdict.tables()));
    row("differing", "%,d".formatted(verdict.differing()));
    verdict.examples().forEach(e -> line("  differs: " + e));
    row("findings while it ran", "%,d".formatted(counts.found()));
    counts.findings().forEach(f -> line("  found: " + f));
    line("");
    line(good(counts, verdict) ? "HBase equals MySQL." : "The self-test FAILED: see above.");
  }

  static boolean good(Counts counts, Verdict verdict) {
    return verdict.differing() == 0 && verdict.compared() > 0 && counts.found() == 0;
  }

  /** Whether another round makes sense. */
  static boolean good(Counts counts, Verdict verdict, int rounds) {
    return rounds == 0 || good(counts, verdict);
  }

  private void row(String what, String value) {
    line("  %-32s %s".formatted(what, value));
  }

  private static String total(Map<String, Long> counts) {
    return "%,d".formatted(counts.values().stream().mapToLong(Long::longValue).sum());
  }

  private static String list(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(e -> "%s %,d".formatted(e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    file.close();
  }
}

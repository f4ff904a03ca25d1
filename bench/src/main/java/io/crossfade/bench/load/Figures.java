package io.crossfade.bench.load;

import java.util.Locale;

/**
 * What one run of the load generator measured.
 *
 * @param queries answered in time
 * @param seconds how long it ran
 * @param p50 median latency, ms
 * @param p95 95th percentile, ms
 * @param p99 99th percentile, ms
 * @param errors answers that were errors
 * @param firstError the first of them, or empty
 */
public record Figures(
    long queries,
    double seconds,
    double p50,
    double p95,
    double p99,
    long errors,
    String firstError) {

  /** As one line, for the pipe between the processes. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%d %.6f %.3f %.3f %.3f %d %s",
        queries,
        seconds,
        p50,
        p95,
        p99,
        errors,
        firstError.replaceAll("\\s+", " "));
  }

  /** Reads a {@link #line}. */
  static Figures parse(String line) {
    String[] f = line.split(" ", 7);
    return new Figures(
        Long.parseLong(f[0]),
        Double.parseDouble(f[1]),
        Double.parseDouble(f[2]),
        Double.parseDouble(f[3]),
        Double.parseDouble(f[4]),
        Long.parseLong(f[5]),
        f.length > 6 ? f[6] : "");
  }

  /** Throughput. */
  public double perSecond() {
    return queries / seconds;
  }
}

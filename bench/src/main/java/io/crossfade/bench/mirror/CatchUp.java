package io.crossfade.bench.mirror;

/**
 * How the mirror caught up after HBase was down.
 *
 * @param outageSeconds how long HBase was down
 * @param writes statements that the application executed meanwhile
 * @param p99Millis their 99th percentile
 * @param errors those that failed
 * @param dirtyKeys keys that were dirty when HBase came back
 * @param seconds until none was
 */
public record CatchUp(
    double outageSeconds,
    long writes,
    double p99Millis,
    long errors,
    long dirtyKeys,
    double seconds) {
  /** Keys a second. */
  public double keysPerSecond() {
    return dirtyKeys / Math.max(0.001, seconds);
  }
}

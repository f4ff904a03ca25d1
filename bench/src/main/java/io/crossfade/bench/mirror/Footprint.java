package io.crossfade.bench.mirror;

/**
 * What dirty keys take.
 *
 * @param keys how many there were
 * @param heapBytes what the proxy's heap grew by
 * @param diskBytes what the dirty store's directory grew by
 */
public record Footprint(long keys, double heapBytes, long diskBytes) {
  private static final double MILLION = 1e6;

  /** Heap, MiB for a million keys. */
  public double heapMiBPerMillion() {
    return heapBytes / keys * MILLION / (1 << 20);
  }

  /** Disk, MiB for a million keys. */
  public double diskMiBPerMillion() {
    return diskBytes / (double) keys * MILLION / (1 << 20);
  }
}

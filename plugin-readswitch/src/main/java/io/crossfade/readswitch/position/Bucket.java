package io.crossfade.readswitch.position;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Where a session stands in the line of all sessions: it reads from HBase once the percentage has
 * passed it. Fixed when the session opens, so that raising the percentage only adds sessions.
 */
public final class Bucket {
  /** Buckets are 0 to this, exclusive: a percentage with 4 decimals is a whole number of them. */
  public static final int COUNT = 1_000_000;

  private static final int BUCKETS_PER_PERCENT = COUNT / 100;

  private Bucket() {}

  /** The bucket of the session with this id: uniform over the ids, and always the same. */
  public static int of(long sessionId) {
    // The finaliser of SplitMix64: neighbouring ids have nothing in common afterwards.
    long z = sessionId + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (int) ((z >>> 32) * COUNT >>> 32);
  }

  /** How many buckets a percentage (0 to 100, at most 4 decimals) takes. */
  public static int taken(BigDecimal percentage) {
    return percentage
        .multiply(BigDecimal.valueOf(BUCKETS_PER_PERCENT))
        .setScale(0, RoundingMode.UNNECESSARY)
        .intValueExact();
  }
}

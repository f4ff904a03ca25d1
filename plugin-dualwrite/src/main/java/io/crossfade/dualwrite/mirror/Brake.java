package io.crossfade.dualwrite.mirror;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows the work on one table down while MySQL or HBase has too much to do, and says why.
 * Thread-safe; never blocks.
 *
 * <p>Each reason has an <em>excess</em>: how many times the limit is exceeded. Backfill,
 * verification and repair slow down as soon as it is above 1; the mirror of live changes, whose lag
 * costs MySQL reads, only above 2. Neither ever stops.
 */
public final class Brake {
  private static final double BULK_FLOOR = 0.05;
  private static final double MIRROR_FLOOR = 0.25;
  private static final double MIRROR_FROM = 2;

  /** HBase tells no load, only that it is too high: each time it is taken for twice as high. */
  private static final double SIGNAL = 2;

  private static final double MOST = 16;
  private static final double FADING_SECOND = 0.8;
  private static final long SIGNAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** After which a reading says nothing any more. */
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What is slowed down. */
  public enum Work {
    /** Re-reads of what has changed. */
    MIRROR,
    /** Backfill, verification, repair, removal of old deletions. */
    BULK;

    /** As it is shown. */
    public String token() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why. */
  public enum Reason {
    /** MySQL's Threads_running. */
    MYSQL_THREADS_RUNNING,
    /** The slowest replica's lag. */
    REPLICA_LAG,
    /** HBase answered that it has too much to do, or not within the deadline. */
    HBASE_OVERLOADED,
    /** Batches take several times as long as they did. */
    SLOW_BATCHES;

    /** As it is shown. */
    public String token() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Notice notice;
  private final LongSupplier clock;
  private final Map<Reason, Pull> pulls = new EnumMap<>(Reason.class);

  public Brake(Notice notice) {
    this(notice, System::nanoTime);
  }

  Brake(Notice notice, LongSupplier clock) {
    this.notice = notice;
    this.clock = clock;
  }

  private static final class Pull {
    double excess;
    String detail = "";
    boolean fading;
    long at;
    Instant since = Instant.EPOCH;
  }

  /**
   * A reading.
   *
   * @param excess how many times the limit; 1 or less: all is well
   * @param detail what was read, for the operator
   */
  public synchronized void read(Reason reason, double excess, String detail) {
    pull(reason, Math.min(MOST, excess), detail, false);
  }

  /** A reading failed; what was read before counts for a few seconds more. */
  public void unread(Reason reason, Exception cause) {
    notice.abnormal(
        "load-unread",
        reason.token(),
        1,
        "the load cannot be read, nothing is slowed down for it: " + cause);
  }

  /** An event that says "too much". */
  public synchronized void signal(Reason reason, String detail) {
    @Nullable Pull before = pulls.get(reason);
    long now = clock.getAsLong();
    if (before == null || excess(reason) <= 1 || now - before.at >= SIGNAL_NANOS) {
      pull(reason, Math.min(MOST, Math.max(1, excess(reason)) * SIGNAL), detail, true);
    }
  }

  private void pull(Reason reason, double excess, String detail, boolean fading) {
    boolean before = excess(reason) > 1;
    Pull pull = pulls.computeIfAbsent(reason, r -> new Pull());
    if (excess > 1 && !before) {
      pull.since = Instant.now();
      notice.abnormal(
          "throttlings", reason.token(), 1, "slowed down by " + reason.token() + ": " + detail);
    }
    pull.excess = excess;
    pull.detail = detail;
    pull.fading = fading;
    pull.at = clock.getAsLong();
  }

  private double excess(Reason reason) {
    @Nullable Pull pull = pulls.get(reason);
    if (pull == null) {
      return 0;
    }
    long age = clock.getAsLong() - pull.at;
    if (pull.fading) {
      return pull.excess * Math.pow(FADING_SECOND, age / 1e9);
    }
    return age > STALE_NANOS ? 0 : pull.excess;
  }

  /** The share of its full speed that {@code work} is to have for {@code reason} alone. */
  public synchronized double factor(Reason reason, Work work) {
    double excess = excess(reason);
    return switch (work) {
      case BULK -> excess <= 1 ? 1 : Math.max(BULK_FLOOR, 1 / (excess * excess));
      case MIRROR -> excess <= MIRROR_FROM ? 1 : Math.max(MIRROR_FLOOR, MIRROR_FROM / excess);
    };
  }

  /** The share of its full speed that {@code work} is to have now: above 0, at most 1. */
  public synchronized double factor(Work work) {
    double least = 1;
    for (Reason reason : pulls.keySet()) {
      least = Math.min(least, factor(reason, work));
    }
    return least;
  }

  /** How long to pause after work that took {@code nanos}, to have its share of the time. */
  public long pauseNanos(Work work, long nanos, long longest) {
    double factor = factor(work);
    return factor >= 1 ? 0 : Math.min(longest, (long) (nanos * (1 / factor - 1)));
  }

  /** The strongest reason now, since when, and both factors; empty when nothing is slowed down. */
  public synchronized Map<String, Object> report() {
    @Nullable Reason strongest = null;
    for (Reason reason : pulls.keySet()) {
      if (excess(reason) > 1 && (strongest == null || excess(reason) > excess(strongest))) {
        strongest = reason;
      }
    }
    @Nullable Pull pull = strongest == null ? null : pulls.get(strongest);
    Map<String, Object> map = new LinkedHashMap<>();
    if (strongest != null && pull != null) {
      map.put("reason", strongest.token());
      map.put("detail", pull.detail);
      map.put("since", pull.since.truncatedTo(ChronoUnit.SECONDS).toString());
      map.put("factor", rounded(factor(Work.MIRROR)));
      map.put("bulkFactor", rounded(factor(Work.BULK)));
    }
    return map;
  }

  private static double rounded(double factor) {
    return Math.round(factor * 100) / 100.0;
  }
}

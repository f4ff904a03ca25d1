package io.crossfade.dualwrite.witness;

import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.mirror.Notice;
import io.crossfade.dualwrite.witness.Tally.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The witness's figures of one table, and who bypassed the proxy. Thread-safe. */
final class TableWitness {
  private static final int KEPT = 20;
  private static final Duration TOLD_AGAIN_AFTER = Duration.ofMinutes(1);

  private final TableName table;
  private final Notice notice;
  private final MeterRegistry meters;
  private final Tally total = new Tally();
  private final Map<String, Bypasser> bypassers = new LinkedHashMap<>();
  private int defined;
  private int learned;

  private static final class Bypasser {
    final String who;
    final long thread;
    long count;
    long untold;
    long toldNanos;
    boolean told;
    Instant last = Instant.EPOCH;

    Bypasser(String who, long thread) {
      this.who = who;
      this.thread = thread;
    }
  }

  TableWitness(TableName table, Notice notice, MeterRegistry meters) {
    this.table = table;
    this.notice = notice;
    this.meters = meters;
  }

  Notice notice() {
    return notice;
  }

  /** Whether its rows cannot be read now, because it may have been defined anew. */
  synchronized boolean suspect() {
    return defined != learned;
  }

  /** It may have been defined anew. */
  synchronized void suspected() {
    defined++;
  }

  /** How often it may have been defined anew: ask before looking at its definition. */
  synchronized int definitions() {
    return defined;
  }

  /** The definition is the known one, as seen after so many {@link #definitions}. */
  synchronized void unchanged(int definitions) {
    learned = definitions;
  }

  /** The whole table is dirty because no keys could be told. */
  void whole(String reason) {
    notice.abnormal(
        "witness-" + reason, 1, "the witness marks the whole table, no key is known: " + reason);
  }

  /** Adds a transaction's figures. */
  void add(Tally tally) {
    synchronized (total) {
      for (Kind kind : Kind.values()) {
        total.add(kind, tally.of(kind));
      }
    }
    for (Kind kind : Kind.values()) {
      if (tally.of(kind) > 0) {
        meters
            .counter(
                "crossfade.witness.changes", "table", table.toString(), "kind", lower(kind.name()))
            .increment((double) tally.of(kind));
      }
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * Changes that nobody announced.
   *
   * @param who user and host, as far as it is known
   * @param thread MySQL's connection id
   * @param own whether it is a session of this proxy, whose capture has missed something
   */
  void bypassed(String who, long thread, long count, boolean own) {
    String message;
    synchronized (bypassers) {
      String name = who + " thread " + thread;
      Bypasser b = bypassers.remove(name);
      if (b == null) {
        b = new Bypasser(who, thread);
      }
      bypassers.put(name, b);
      Iterator<String> oldest = bypassers.keySet().iterator();
      while (bypassers.size() > KEPT && oldest.hasNext()) {
        oldest.next();
        oldest.remove();
      }
      b.count += count;
      b.untold += count;
      b.last = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      long now = System.nanoTime();
      if (b.told && now - b.toldNanos < TOLD_AGAIN_AFTER.toNanos()) {
        return;
      }
      message =
          b.untold
              + (own ? " changes not announced by a session of this proxy, " : " changes by ")
              + who
              + ", thread "
              + thread
              + "; they are marked";
      b.untold = 0;
      b.told = true;
      b.toldNanos = now;
    }
    notice.incident(own ? "not-announced" : "bypassed", message);
  }

  /** The figures for the report. */
  Map<String, Object> status() {
    Map<String, Object> map = new LinkedHashMap<>();
    synchronized (total) {
      long announced = total.of(Kind.ANNOUNCED);
      long bypassed = total.of(Kind.BYPASSED);
      long unproven = total.of(Kind.UNPROVEN);
      long inherited = total.of(Kind.INHERITED);
      map.put("seen", announced + bypassed + unproven + inherited);
      map.put("announced", announced);
      map.put("bypassed", bypassed);
      map.put("unproven", unproven);
      map.put("inherited", inherited);
      long judged = announced + bypassed;
      map.put("completeness", judged == 0 ? 1.0 : (double) announced / judged);
    }
    List<Map<String, Object>> last = new ArrayList<>();
    synchronized (bypassers) {
      for (Bypasser b : bypassers.values()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("who", b.who);
        one.put("thread", b.thread);
        one.put("count", b.count);
        one.put("last", b.last.toString());
        last.add(0, one);
      }
    }
    map.put("bypassers", last);
    return map;
  }
}

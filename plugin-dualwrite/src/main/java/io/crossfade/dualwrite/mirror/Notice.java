package io.crossfade.dualwrite.mirror;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the mirror does out of the ordinary for one table, logs it the first time, and keeps
 * the incidents an operator must see. Thread-safe.
 */
public final class Notice {
  private static final Logger LOGGER = LoggerFactory.getLogger(Notice.class);
  private static final int KEPT = 50;

  private final MeterRegistry meters;
  private final String table;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Deque<String> incidents = new ArrayDeque<>();

  public Notice(MeterRegistry meters, String table) {
    this.meters = meters;
    this.table = table;
  }

  /** Counts {@code amount} things of the kind {@code what} that belong to normal work. */
  public void count(String what, long amount) {
    if (amount != 0) {
      counts.computeIfAbsent(what, w -> new LongAdder()).add(amount);
      meters.counter("crossfade.mirror." + what, "table", table).increment((double) amount);
    }
  }

  /** As {@link #abnormal(String, long, String)}, with the reason as a label of the counter. */
  public void abnormal(String what, String reason, long amount, String message) {
    if (amount == 0) {
      return;
    }
    counts.computeIfAbsent(what, w -> new LongAdder()).add(amount);
    meters
        .counter("crossfade.mirror." + what, "table", table, "reason", reason)
        .increment((double) amount);
    if (logged.add(what + " " + reason)) {
      LOGGER
          .atWarn()
          .addKeyValue("table", table)
          .addKeyValue("what", what)
          .addKeyValue("reason", reason)
          .log("First time: {}", message);
    }
  }

  /** Counts a skip, retry, fallback or abandonment, and logs it the first time. */
  public void abnormal(String what, long amount, String message) {
    if (amount == 0) {
      return;
    }
    count(what, amount);
    if (logged.add(what)) {
      LOGGER
          .atWarn()
          .addKeyValue("table", table)
          .addKeyValue("what", what)
          .log("First time: {}", message);
    }
  }

  /** Something an operator must know of: counted, always logged, kept for the report. */
  public void incident(String what, String message) {
    count("incidents", 1);
    LOGGER.atWarn().addKeyValue("table", table).addKeyValue("what", what).log(message);
    String line = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + what + ": " + message;
    synchronized (incidents) {
      incidents.addLast(line);
      while (incidents.size() > KEPT) {
        incidents.removeFirst();
      }
    }
  }

  /** The last incidents, oldest first. */
  public List<String> incidents() {
    synchronized (incidents) {
      return new ArrayList<>(incidents);
    }
  }

  /** How often it was counted since start. */
  public long counted(String what) {
    LongAdder count = counts.get(what);
    return count == null ? 0 : count.sum();
  }

  /** All counts since start, by name. */
  public Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((what, count) -> all.put(what, count.sum()));
    return all;
  }
}

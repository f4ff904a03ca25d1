package io.crossfade.dualwrite.dirty;

import io.crossfade.api.sql.TableName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of the dirty store; thread-safe. An abnormal path is logged the first time. */
final class StoreMetrics {
  private static final Logger LOGGER = LoggerFactory.getLogger(StoreMetrics.class);

  private final MeterRegistry registry;
  private final Map<String, Counter> abnormal = new ConcurrentHashMap<>();
  private final Map<String, Counter> unheld = new ConcurrentHashMap<>();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private final Timer writes;
  private final Counter records;

  StoreMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.writes =
        Timer.builder("crossfade.dirty.write")
            .description("Time of one group commit of the dirty store")
            .publishPercentileHistogram()
            .register(registry);
    this.records =
        Counter.builder("crossfade.dirty.records")
            .description("Records written and deleted by group commits")
            .register(registry);
  }

  void wrote(int count, long nanos) {
    writes.record(Duration.ofNanos(nanos));
    records.increment(count);
  }

  /** Marks without holder, by the reason given. */
  void unheld(String reason, int count) {
    unheld
        .computeIfAbsent(
            reason,
            r ->
                Counter.builder("crossfade.dirty.unheld")
                    .description("Marks that no session holds")
                    .tag("reason", r)
                    .register(registry))
        .increment(count);
  }

  /** Counts an abnormal path and logs it the first time. */
  void abnormal(String path) {
    abnormal
        .computeIfAbsent(
            path,
            p ->
                Counter.builder("crossfade.dirty.abnormal")
                    .description("Things of the dirty store that should be rare")
                    .tag("path", p)
                    .register(registry))
        .increment();
    if (logged.add(path)) {
      LOGGER.atWarn().addKeyValue("path", path).log("First time on this path of the dirty store");
    }
  }

  /** The meters of one table. */
  void table(TableEntries t) {
    gauge(t, "crossfade.dirty.keys", "Dirty keys", Stats::keys);
    gauge(t, "crossfade.dirty.ranges", "Dirty ranges", Stats::ranges);
    gauge(t, "crossfade.dirty.in.flight", "Entries being re-read", Stats::inFlight);
    gauge(t, "crossfade.dirty.oldest.millis", "Age of the oldest entry", Stats::oldestMillis);
    counter(t, "crossfade.dirty.marks", "Marks", Stats::marks);
    counter(t, "crossfade.dirty.coalesced", "Marks of what was dirty", Stats::coalesced);
    counter(t, "crossfade.dirty.removed", "Entries removed after a re-read", Stats::removed);
    counter(t, "crossfade.dirty.kept", "Entries kept after a re-read", Stats::kept);
    counter(t, "crossfade.dirty.duplicates", "Re-reads dropped as duplicates", Stats::duplicates);
  }

  /** Sessions nobody knows to have ended. */
  void undecided(JournaledDirtyStore store) {
    Gauge.builder("crossfade.dirty.undecided", store, s -> s.undecided().size())
        .description("Lost sessions not known to have ended")
        .register(registry);
  }

  private void gauge(TableEntries t, String name, String text, ToLongFunction<Stats> value) {
    Gauge.builder(name, t, e -> value.applyAsLong(e.stats()))
        .description(text)
        .tag("table", tag(t.table))
        .register(registry);
  }

  private void counter(TableEntries t, String name, String text, ToLongFunction<Stats> value) {
    FunctionCounter.builder(name, t, e -> value.applyAsLong(e.stats()))
        .description(text)
        .tag("table", tag(t.table))
        .register(registry);
  }

  private static String tag(TableName t) {
    return t.toString();
  }
}

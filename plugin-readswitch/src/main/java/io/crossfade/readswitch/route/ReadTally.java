package io.crossfade.readswitch.route;

import io.crossfade.api.sql.TableName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts which side answered each read, and why. Thread-safe. */
public final class ReadTally {
  /** The reason of a read that HBase answered. */
  static final String ANSWERED = "answered";

  /** One counter for each table, side and reason. */
  public static final String READS = "crossfade.reads";

  /** How long HBase took for the reads it answered. */
  public static final String LATENCY = "crossfade.reads.hbase.latency";

  /**
   * Why MySQL answers for the moment only what HBase answers otherwise: the frame of the result is
   * learned, or the key was changed a moment ago.
   */
  private static final Set<String> MOMENTARY = Set.of("learning", "dirty", "raced");

  private static final Logger LOGGER = LoggerFactory.getLogger(ReadTally.class);

  private final MeterRegistry meters;
  private final Map<TableName, Map<String, Counter>> counters = new ConcurrentHashMap<>();
  private final Map<TableName, Timer> timers = new ConcurrentHashMap<>();
  private final Recent needed = new Recent();
  private final Recent momentary = new Recent();
  private final Recent answered = new Recent();

  public ReadTally(MeterRegistry meters) {
    this.meters = meters;
  }

  /** MySQL answers, for {@code reason}. */
  void mysql(TableName table, String reason) {
    counter(table, "mysql", reason).increment();
    (MOMENTARY.contains(reason) ? momentary : needed).add(table);
  }

  /** MySQL's answer, asked for only to learn its frame, cannot be given by HBase next time. */
  void notLearned(TableName table) {
    needed.add(table);
  }

  /** HBase answered. */
  void hbase(TableName table, Duration took) {
    counter(table, "hbase", ANSWERED).increment();
    answered.add(table);
    timers.computeIfAbsent(table, this::timer).record(took);
  }

  private Counter counter(TableName table, String side, String reason) {
    Map<String, Counter> ofTable = counters.computeIfAbsent(table, t -> new ConcurrentHashMap<>());
    Counter known = ofTable.get(reason);
    return known != null
        ? known
        : ofTable.computeIfAbsent(reason, r -> register(table, side, reason));
  }

  private Counter register(TableName table, String side, String reason) {
    LOGGER
        .atInfo()
        .addKeyValue("table", table)
        .addKeyValue("side", side)
        .addKeyValue("reason", reason)
        .log("first read answered this way");
    return Counter.builder(READS)
        .description("Reads of a watched table by the side that answers and the reason")
        .tags("table", table.toString(), "side", side, "reason", reason)
        .register(meters);
  }

  private Timer timer(TableName table) {
    return Timer.builder(LATENCY)
        .description("Time HBase took for a read it answered")
        .tag("table", table.toString())
        .publishPercentiles(0.5, 0.99)
        .register(meters);
  }

  /** Reads so far by side, and by reason. */
  Map<String, Object> status(TableName table) {
    Map<String, Object> reasons = new TreeMap<>();
    long mysql = 0;
    long hbase = 0;
    for (Map.Entry<String, Counter> e : counters.getOrDefault(table, Map.of()).entrySet()) {
      long count = (long) e.getValue().count();
      if (e.getKey().equals(ANSWERED)) {
        hbase = count;
      } else {
        mysql += count;
        reasons.put(e.getKey(), count);
      }
    }
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("mysql", mysql);
    status.put("hbase", hbase);
    status.put("reasons", reasons);
    status.put("hbaseLatencyMicros", latency(table));
    return status;
  }

  private Map<String, Object> latency(TableName table) {
    Map<String, Object> latency = new LinkedHashMap<>();
    Timer timer = timers.get(table);
    HistogramSnapshot snapshot =
        timer == null ? HistogramSnapshot.empty(0, 0, 0) : timer.takeSnapshot();
    for (ValueAtPercentile value : snapshot.percentileValues()) {
      latency.put(
          "p" + Math.round(value.percentile() * 100), (long) value.value(TimeUnit.MICROSECONDS));
    }
    return latency;
  }

  /** See {@link io.crossfade.api.plugin.ReadShare#mysqlReadsSince}. */
  long mysqlReadsSince(TableName table, Instant since) {
    long passing = momentary.since(table, since);
    boolean rule = passing > answered.since(table, since);
    return needed.since(table, since) + (rule ? passing : 0);
  }

  /** Recent reads of each table. */
  private static final class Recent {
    private final Map<TableName, RecentReads> reads = new ConcurrentHashMap<>();

    void add(TableName table) {
      reads
          .computeIfAbsent(table, t -> new RecentReads(() -> Instant.now().getEpochSecond()))
          .add();
    }

    long since(TableName table, Instant since) {
      RecentReads ofTable = reads.get(table);
      return ofTable == null ? 0 : ofTable.since(since);
    }
  }
}

package io.crossfade.readswitch.route;

import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.plugin.ReadShare;
import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.census.Census;
import io.crossfade.readswitch.hbase.Reader;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * What the interceptors of all sessions share. Thread-safe.
 *
 * @param watched the watched tables
 * @param mirror what the dual-write plugin says of HBase's state
 * @param reader reads HBase
 * @param frames learned frames of result sets
 * @param census counts templates
 * @param tally counts answers
 * @param breaker keeps reads away from a failing HBase
 * @param places one for each read that may be in flight
 * @param settings the configuration in force
 */
public record Route(
    Set<TableName> watched,
    MirrorState mirror,
    Reader reader,
    MetadataCache frames,
    Census census,
    ReadTally tally,
    CircuitBreaker breaker,
    Semaphore places,
    Supplier<RouteSettings> settings)
    implements ReadShare {
  private static final int MOST_IN_FLIGHT = 1_024;

  /** A route with a closed breaker and nothing in flight. */
  public static Route of(
      Set<TableName> watched,
      MirrorState mirror,
      Reader reader,
      MetadataCache frames,
      Census census,
      ReadTally tally,
      Supplier<RouteSettings> settings) {
    return new Route(
        watched,
        mirror,
        reader,
        frames,
        census,
        tally,
        new CircuitBreaker(System::nanoTime),
        new Semaphore(MOST_IN_FLIGHT),
        settings);
  }

  @Override
  public double percentage(TableName table) {
    return settings.get().table(table).position().percentage().doubleValue();
  }

  @Override
  public long mysqlReadsSince(TableName table, Instant since) {
    return tally.mysqlReadsSince(table, since);
  }

  /** What the admin port shows of a table's reads. */
  public Map<String, Object> status(TableName table) {
    RouteSettings.Table current = settings.get().table(table);
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("percentage", current.position().percentage());
    status.put(
        "whitelist",
        Map.of(
            "users", current.position().users().size(),
            "networks", current.position().networks().size(),
            "lists", current.position().lists().size()));
    status.put("freshness", "strict");
    status.putAll(tally.status(table));
    status.put("breaker", breaker.state());
    return status;
  }
}

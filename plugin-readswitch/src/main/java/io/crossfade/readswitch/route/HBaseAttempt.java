package io.crossfade.readswitch.route;

import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.plan.ReadPlan;
import io.crossfade.readswitch.rows.ReadResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try to have HBase answer: strictly fresh, within the time limit. Never fails; what goes wrong
 * is a reason.
 */
final class HBaseAttempt {
  private static final Logger LOGGER = LoggerFactory.getLogger(HBaseAttempt.class);

  private final Route route;
  private final TableName table;
  private final TableMapping mapping;
  private final RouteSettings settings;

  HBaseAttempt(Route route, TableName table, TableMapping mapping, RouteSettings settings) {
    this.route = route;
    this.table = table;
    this.mapping = mapping;
    this.settings = settings;
  }

  /**
   * Strict freshness: what the plan touches is clean before the read, and nothing of it was marked
   * until after it. Then HBase held, all the while, what was last committed.
   */
  CompletableFuture<ReadResult> run(ReadPlan plan) {
    Optional<MirrorState.Ticket> ticket = route.mirror().clean(table, plan.ranges());
    if (ticket.isEmpty()) {
      return unproven("dirty");
    }
    if (route.mirror().mapping(table).filter(now -> now == mapping).isEmpty()) {
      return unproven("mapping-changed"); // from now on a change is one of the ticket's ranges
    }
    if (!route.places().tryAcquire()) {
      return unproven("saturated");
    }
    if (!route.breaker().allows(settings.breakerOpenFor())) {
      route.places().release();
      return unproven("breaker-open");
    }
    long started = System.nanoTime();
    return limited(plan)
        .handle(
            (result, error) -> {
              record(error);
              if (error != null) {
                return ReadResult.unproven(isLate(error) ? "time-limit" : "hbase-error");
              }
              if (result.isProven() && !route.mirror().stillClean(ticket.get())) {
                return ReadResult.unproven("raced");
              }
              if (result.isProven()) {
                route.tally().hbase(table, Duration.ofNanos(System.nanoTime() - started));
              }
              return result;
            });
  }

  /** The read, given up after the time limit; it keeps its place until HBase is done with it. */
  private CompletableFuture<ReadResult> limited(ReadPlan plan) {
    CompletableFuture<ReadResult> limited = new CompletableFuture<>();
    CompletableFuture<ReadResult> reading;
    try {
      reading = route.reader().read(mapping, plan.read(), limited::isDone);
    } catch (RuntimeException e) {
      reading = CompletableFuture.failedFuture(e);
    }
    reading.whenComplete(
        (result, error) -> {
          route.places().release();
          if (error != null) {
            limited.completeExceptionally(error);
          } else {
            limited.complete(result);
          }
        });
    return limited.orTimeout(settings.table(table).timeLimit().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void record(@Nullable Throwable error) {
    boolean changed = route.breaker().record(error == null, settings.breakerFailures());
    if (changed && error != null) {
      LOGGER
          .atWarn()
          .addKeyValue("table", table)
          .addKeyValue("failures", settings.breakerFailures())
          .addKeyValue("openFor", settings.breakerOpenFor())
          .setCause(error)
          .log("HBase failed too often in a row: MySQL answers all reads for a while");
    } else if (changed) {
      LOGGER.atInfo().addKeyValue("table", table).log("HBase answers reads again");
    }
  }

  private static boolean isLate(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof TimeoutException;
  }

  private static CompletableFuture<ReadResult> unproven(String reason) {
    return CompletableFuture.completedFuture(ReadResult.unproven(reason));
  }
}

package io.crossfade.readswitch.hbase;

import io.crossfade.api.mapping.Row;
import io.crossfade.readswitch.rows.Filter;
import io.crossfade.readswitch.rows.ReadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list chunk by chunk until enough rows match, the list ends, or too much was examined. Its
 * steps follow each other, so its fields are never touched by two threads at a time.
 */
final class Walk {
  private static final int LARGEST_CHUNK = 5_000;
  private static final int SMALLEST_FILTERED_CHUNK = 64;
  // A guess that costs only a chunk more or less: a quarter of the rows match a condition.
  private static final int EXAMINED_PER_MATCH = 4;

  private final Step step;
  private final Filter filter;
  private final long wanted;
  private final long skip;
  private final BooleanSupplier abandoned;
  private final List<Row> matched = new ArrayList<>();
  private long skipped;
  private int examined;
  private boolean complete;

  /**
   * Reads nothing yet.
   *
   * @param wanted how many matching rows are enough, with those skipped
   * @param skip how many of them the first step may skip
   */
  Walk(Step step, Filter filter, long wanted, long skip, BooleanSupplier abandoned) {
    this.step = step;
    this.filter = filter;
    this.wanted = wanted;
    this.skip = skip;
    this.abandoned = abandoned;
  }

  /** Reads one chunk, from the start of the list ({@code after} null) or behind a place in it. */
  @FunctionalInterface
  interface Step {
    CompletableFuture<Chunk> read(byte @Nullable [] after, int limit);
  }

  /** What the matching rows come to. */
  @FunctionalInterface
  interface Finish {
    ReadResult of(List<Row> rows, long skipped);
  }

  /** Reads to the end, or as far as is needed or allowed. */
  CompletableFuture<Walk> run() {
    return go(null, wanted - skip);
  }

  private CompletableFuture<Walk> go(byte @Nullable [] after, long missing) {
    return step.read(after, limit(missing)).thenCompose(this::take);
  }

  private int limit(long missing) {
    long most = Math.min(LARGEST_CHUNK, HBaseRead.MOST_EXAMINED - examined);
    if (filter.isAll()) {
      return (int) Math.min(most, missing);
    }
    long guess = missing > most ? most : missing * EXAMINED_PER_MATCH;
    return (int) Math.min(most, Math.max(SMALLEST_FILTERED_CHUNK, guess));
  }

  private CompletableFuture<Walk> take(Chunk chunk) {
    skipped += chunk.skipped();
    examined += chunk.examined();
    chunk.rows().stream().filter(filter::matches).forEach(matched::add);
    byte[] next = chunk.next();
    long missing = wanted - matched.size() - skipped;
    complete = next == null || missing <= 0;
    if (complete
        || next == null
        || examined >= HBaseRead.MOST_EXAMINED
        || abandoned.getAsBoolean()) {
      return CompletableFuture.completedFuture(this);
    }
    return go(next, missing);
  }

  /** The result of what was read; not proven if the rows do not decide it. */
  ReadResult result(Finish finish) {
    return complete ? finish.of(matched, skipped) : ReadResult.unproven(HBaseRead.TOO_MANY);
  }
}

package io.crossfade.readswitch.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.readswitch.rows.Filter;
import io.crossfade.readswitch.rows.ReadResult;
import io.crossfade.readswitch.rows.Shape;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** What to read from HBase, and what to make of it. Immutable; each kind knows how it is read. */
public sealed interface HBaseRead {
  /** The most cells or HBase rows one read may examine; beyond it MySQL answers. */
  int MOST_EXAMINED = 10_000;

  /** Why a read that would examine more is not answered. */
  String TOO_MANY = "too-many";

  /**
   * Reads from {@code source}.
   *
   * @param abandoned whether nobody waits for the result any more
   */
  CompletableFuture<ReadResult> from(RowSource source, BooleanSupplier abandoned);

  /** Single keys, distinct. */
  record Points(List<Key> keys, Filter filter, Shape shape) implements HBaseRead {
    @Override
    public CompletableFuture<ReadResult> from(RowSource source, BooleanSupplier abandoned) {
      return source
          .points(keys)
          .thenApply(rows -> shape.ofUnsorted(rows.stream().filter(filter::matches).toList()));
    }
  }

  /** A list in a declared order, as far as the result needs it. */
  record Ordered(int order, byte[] list, Filter filter, Shape shape) implements HBaseRead {
    @Override
    public CompletableFuture<ReadResult> from(RowSource source, BooleanSupplier abandoned) {
      long skip = filter.isAll() ? shape.skippable() : 0;
      return new Walk(
              (after, limit) -> source.ordered(order, list, after, after == null ? skip : 0, limit),
              filter,
              shape.wanted(),
              skip,
              abandoned)
          .run()
          .thenApply(walk -> walk.result(shape::of));
    }
  }

  /** A whole list, put in order afterwards. */
  record Whole(byte[] list, Filter filter, Shape shape) implements HBaseRead {
    @Override
    public CompletableFuture<ReadResult> from(RowSource source, BooleanSupplier abandoned) {
      return new Walk(
              (after, limit) -> source.items(list, after, limit),
              filter,
              Long.MAX_VALUE,
              0,
              abandoned)
          .run()
          .thenApply(walk -> walk.result((rows, skipped) -> shape.ofUnsorted(rows)));
    }
  }

  /** How many rows a list has. */
  record Count(byte[] list) implements HBaseRead {
    @Override
    public CompletableFuture<ReadResult> from(RowSource source, BooleanSupplier abandoned) {
      return source
          .count(list, MOST_EXAMINED)
          .thenApply(
              count ->
                  count.isPresent()
                      ? Shape.Counting.count(count.getAsLong())
                      : ReadResult.unproven(TOO_MANY));
    }
  }
}

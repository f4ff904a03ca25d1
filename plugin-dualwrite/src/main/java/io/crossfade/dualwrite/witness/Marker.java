package io.crossfade.dualwrite.witness;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Marks changes in the dirty store, many at a time, and knows when they are durable. Confined to
 * the thread that reads, but for {@link #durable}.
 */
final class Marker {
  private static final String REASON = "witness";
  private static final int BATCH = 500;

  private final DirtyStore store;
  private final BiConsumer<TableName, String> whole;
  private final Map<TableName, List<Key>> keys = new HashMap<>();
  private final Set<TableName> wholes = new HashSet<>();
  private CompletableFuture<?> pending = CompletableFuture.completedFuture(null);

  /**
   * @param whole told of each mark of a whole table, with its reason
   */
  Marker(DirtyStore store, BiConsumer<TableName, String> whole) {
    this.store = store;
    this.whole = whole;
  }

  /** Marks, at the latest when {@link #flush} is called. */
  void mark(Change change) {
    Key key = change.key();
    if (key != null) {
      List<Key> batch = keys.computeIfAbsent(change.table(), t -> new ArrayList<>());
      batch.add(key);
      if (batch.size() >= BATCH) {
        flush(change.table());
      }
    } else if (wholes.add(change.table())) {
      whole.accept(change.table(), change.reason());
      mark(change.table(), List.of(), List.of(KeyRange.ALL));
    }
  }

  /** Marks whatever was given: a transaction has ended. */
  void flush() {
    Set.copyOf(keys.keySet()).forEach(this::flush);
    wholes.clear();
  }

  private void flush(TableName table) {
    List<Key> batch = keys.remove(table);
    if (batch != null) {
      mark(table, batch, List.of());
    }
  }

  private void mark(TableName table, List<Key> marked, List<KeyRange> ranges) {
    CompletableFuture<Void> stage = store.mark(table, marked, ranges, REASON).toCompletableFuture();
    synchronized (this) {
      boolean over = pending.isDone() && !pending.isCompletedExceptionally();
      pending = over ? stage : CompletableFuture.allOf(pending, stage);
    }
  }

  /** Completes when everything marked so far is durable; fails when some of it cannot be. */
  synchronized CompletableFuture<?> durable() {
    return pending;
  }
}

package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.dualwrite.hbase.ItemMutations.Write;
import io.crossfade.dualwrite.mysql.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.CheckAndMutateResult;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Put;

/**
 * Writes the states of keys at a version, guarded. Thread-safe; blocks.
 *
 * <p>The guard: an item is read, and replaced by one {@code checkAndMutate} whose condition is "the
 * item has no version newer than the one read" ({@code ifNotExists} over the time range above it).
 * Versions of an item only grow, so the condition holds exactly while the item is the one that was
 * read; and as a write at or below the version read is not even tried, a late write is refused as a
 * whole. Everything derived from the old state is therefore known and goes with the same row
 * mutation.
 *
 * <p>TALL order rows are other HBase rows: the new one is put before the item, the old one deleted
 * after it. A reader counts an order row only if the item has the same version.
 *
 * <p>A key fails alone wherever HBase, or the encoding of its row, says which key it was.
 *
 * <p>Nothing is sent, at the first attempt or a later one, whose version was taken longer ago than
 * the client's deadline: how late a write can land is bounded only so.
 */
public final class ItemWriter {
  private static final int ATTEMPTS = 20;

  private final HBaseLink link;
  private final TableMapping mapping;
  private final ItemReader reader;
  private final ItemMutations mutations;
  private final Runnable onConflict;

  /**
   * @param reader of the same mapping
   * @param onConflict told of each write that found the item changed since it was read, and is
   *     tried again
   */
  public ItemWriter(HBaseLink link, TableMapping mapping, ItemReader reader, Runnable onConflict) {
    this.link = link;
    this.mapping = mapping;
    this.reader = reader;
    this.mutations = new ItemMutations(mapping, link.settings().largestCell());
    this.onConflict = onConflict;
  }

  /**
   * Gives each key of {@code intents} (distinct) its state at {@code version}, unless it has a
   * newer one. Nothing is thrown: what fails is in the result.
   */
  public WriteResult write(Version version, List<Intent> intents) {
    Batch batch = new Batch(version);
    List<Intent> pending = intents;
    for (int attempt = 0; !pending.isEmpty() && attempt < ATTEMPTS; attempt++) {
      List<Intent> tried = pending;
      try {
        pending = batch.attempt(tried);
      } catch (IOException | RuntimeException e) {
        tried.forEach(intent -> batch.failed(intent.key(), e));
        pending = List.of();
      }
      pending.forEach(p -> onConflict.run());
    }
    pending.forEach(p -> batch.failed(p.key(), new ContendedException(ATTEMPTS)));
    return new WriteResult(batch.applied, batch.superseded, batch.failed);
  }

  /** One call of {@link #write}. */
  private final class Batch {
    private final Version taken;
    private final Set<Key> applied = new HashSet<>();
    private final Set<Key> superseded = new HashSet<>();
    private final Map<Key, Throwable> failed = new HashMap<>();

    Batch(Version taken) {
      this.taken = taken;
    }

    void failed(Key key, Throwable cause) {
      if (!applied.contains(key) && !superseded.contains(key)) {
        failed.putIfAbsent(key, cause);
      }
    }

    /**
     * Tries each once.
     *
     * @return those whose item has changed since it was read
     */
    List<Intent> attempt(List<Intent> intents) throws IOException {
      AsyncTable<?> table = link.table(mapping);
      List<Write> writes = orderRowsSent(table, writes(intents));
      if (writes.isEmpty()) {
        return List.of();
      }
      requireYoung();
      List<CompletableFuture<CheckAndMutateResult>> stages =
          table.checkAndMutate(writes.stream().map(Write::check).toList());
      link.settle(stages);
      List<Delete> leftovers = new ArrayList<>();
      List<Intent> again = new ArrayList<>();
      for (int i = 0; i < writes.size(); i++) {
        Intent intent = writes.get(i).intent();
        try {
          if (stages.get(i).join().isSuccess()) {
            applied.add(intent.key());
            leftovers.addAll(writes.get(i).leftovers());
          } else {
            again.add(intent);
          }
        } catch (CompletionException e) {
          failed(intent.key(), cause(e));
        }
      }
      if (!leftovers.isEmpty()) {
        link.awaitAll(table.delete(leftovers));
      }
      return again;
    }

    private List<Write> writes(List<Intent> intents) throws IOException {
      Map<Key, Throwable> unread = new HashMap<>();
      Map<Key, StoredItem> items = reader.items(intents.stream().map(Intent::key).toList(), unread);
      unread.forEach((key, cause) -> failed(key, new UnreadException(cause)));
      List<Write> writes = new ArrayList<>(intents.size());
      for (Intent intent : intents) {
        StoredItem item = items.get(intent.key());
        if (item == null) {
          continue;
        }
        if (item.version() >= taken.millis()) {
          superseded.add(intent.key());
          continue;
        }
        try {
          writes.add(mutations.write(taken.millis(), intent, item));
        } catch (UnwritableException e) {
          failed(intent.key(), e);
        }
      }
      return writes;
    }

    /** Those of {@code writes} whose order rows, if they have any, are there. */
    private List<Write> orderRowsSent(AsyncTable<?> table, List<Write> writes) throws IOException {
      List<Put> puts = writes.stream().flatMap(write -> write.orderRows().stream()).toList();
      if (puts.isEmpty()) {
        return writes;
      }
      requireYoung();
      List<CompletableFuture<Void>> stages = table.put(puts);
      link.settle(stages);
      List<Write> sent = new ArrayList<>(writes.size());
      int next = 0;
      for (Write write : writes) {
        try {
          for (int i = 0; i < write.orderRows().size(); i++) {
            stages.get(next + i).join();
          }
          sent.add(write);
        } catch (CompletionException e) {
          failed(write.intent().key(), cause(e));
        }
        next += write.orderRows().size();
      }
      return sent;
    }

    private void requireYoung() throws StaleVersionException {
      if (taken.olderThan(link.settings().deadline())) {
        throw new StaleVersionException();
      }
    }
  }

  private static Throwable cause(CompletionException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}

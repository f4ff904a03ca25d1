package io.crossfade.dualwrite.mirror;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The next dirty keys of one table, handed out list by list: keys of one list share a batch, and
 * another worker takes another list as long as there is one. A list longer than a batch goes behind
 * the others for its rest. Thread-safe; never blocks.
 */
final class Backlog {
  /** Picked ahead of the batch at hand, in batches. */
  private static final int AHEAD = 2;

  private final DirtyStore store;
  private final TableName table;
  private final Function<Key, byte[]> listOf;
  private final LinkedHashMap<ByteBuffer, Deque<Picked>> waiting = new LinkedHashMap<>();
  private final Map<ByteBuffer, Integer> busy = new HashMap<>();
  private int size;

  Backlog(DirtyStore store, TableName table, Function<Key, byte[]> listOf) {
    this.store = store;
    this.table = table;
    this.listOf = listOf;
  }

  /** At most {@code max} keys; tell {@link #worked} when they are settled. */
  synchronized List<Picked> take(int max) {
    if (size < max) {
      for (Picked p : store.pick(table, AHEAD * max - size)) {
        waiting.computeIfAbsent(list(p), l -> new ArrayDeque<>()).add(p);
        size++;
      }
    }
    List<Picked> batch = new ArrayList<>();
    take(batch, max, false);
    if (batch.isEmpty()) {
      take(batch, max, true);
    }
    size -= batch.size();
    batch.stream().map(this::list).distinct().forEach(l -> busy.merge(l, 1, Integer::sum));
    return batch;
  }

  private void take(List<Picked> batch, int max, boolean alsoBusy) {
    Map<ByteBuffer, Deque<Picked>> rest = new LinkedHashMap<>();
    Iterator<Map.Entry<ByteBuffer, Deque<Picked>>> lists = waiting.entrySet().iterator();
    while (batch.size() < max && lists.hasNext()) {
      Map.Entry<ByteBuffer, Deque<Picked>> list = lists.next();
      if (!alsoBusy && busy.containsKey(list.getKey())) {
        continue;
      }
      Deque<Picked> keys = list.getValue();
      while (batch.size() < max && !keys.isEmpty()) {
        batch.add(keys.remove());
      }
      lists.remove();
      if (!keys.isEmpty()) {
        rest.put(list.getKey(), keys);
      }
    }
    waiting.putAll(rest);
  }

  /** A batch of {@link #take} is settled. */
  synchronized void worked(List<Picked> batch) {
    batch.stream()
        .map(this::list)
        .distinct()
        .forEach(l -> busy.computeIfPresent(l, (k, n) -> n == 1 ? null : n - 1));
  }

  private ByteBuffer list(Picked p) {
    return ByteBuffer.wrap(listOf.apply(p.key()));
  }
}

package io.crossfade.dualwrite.witness;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one transaction of a session announced. Thread-safe: it grows while a witness looks. */
final class MarkSet {
  private final Map<TableName, Set<Key>> keys = new HashMap<>();
  private final Map<TableName, Set<KeyRange>> ranges = new HashMap<>();
  private int size;
  private boolean overflowed;

  /** Adds, and says by how much the set has grown. */
  synchronized int add(TableName table, List<Key> moreKeys, List<KeyRange> moreRanges) {
    int before = size;
    if (!moreKeys.isEmpty()) {
      Set<Key> known = keys.computeIfAbsent(table, t -> new HashSet<>());
      moreKeys.forEach(key -> size += known.add(key) ? 1 : 0);
    }
    if (!moreRanges.isEmpty()) {
      Set<KeyRange> known = ranges.computeIfAbsent(table, t -> new HashSet<>());
      moreRanges.forEach(range -> size += known.add(range) ? 1 : 0);
    }
    return size - before;
  }

  /** There was no room for what was announced: nothing can be proven either way. */
  synchronized void overflow() {
    overflowed = true;
  }

  synchronized boolean overflowed() {
    return overflowed;
  }

  synchronized int size() {
    return size;
  }

  synchronized boolean covers(Change change) {
    if (overflowed) {
      return true;
    }
    Key key = change.key();
    if (key == null) {
      return ranges.getOrDefault(change.table(), Set.of()).contains(KeyRange.ALL);
    }
    return keys.getOrDefault(change.table(), Set.of()).contains(key)
        || ranges.getOrDefault(change.table(), Set.of()).stream().anyMatch(r -> r.contains(key));
  }

  /** Whether anything of the table was announced. */
  synchronized boolean touches(TableName table) {
    return overflowed || keys.containsKey(table) || ranges.containsKey(table);
  }
}

package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.value.SqlValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects key tuples, some of whose columns may be unknown, as the keys and ranges that surely
 * cover them.
 */
final class KeySet {
  private final TableMapping mapping;
  private final Set<Key> keys = new LinkedHashSet<>();
  private final Set<KeyRange> ranges = new LinkedHashSet<>();
  private @Nullable String reason;
  private boolean all;

  KeySet(TableMapping mapping) {
    this.mapping = mapping;
  }

  /**
   * Adds the rows with these key values.
   *
   * @param tuple one value per primary-key column, null where it is not known
   * @param why the reason to count should the tuple not be a whole key
   */
  void add(@Nullable SqlValue[] tuple, String why) {
    if (all) {
      return;
    }
    List<SqlValue> known = new ArrayList<>(tuple.length);
    for (SqlValue v : tuple) {
      if (v == null) {
        break;
      }
      known.add(v);
    }
    if (known.size() == tuple.length) {
      Optional<Key> key = mapping.key(known);
      if (key.isPresent()) {
        keys.add(key.get());
        return;
      }
      reason = "value";
      known.remove(known.size() - 1);
    } else {
      reason = why;
    }
    for (int n = known.size(); n > 0; n--) {
      Optional<KeyRange> range = mapping.prefix(known.subList(0, n));
      if (range.isPresent()) {
        ranges.add(range.get());
        return;
      }
    }
    all = true;
  }

  /** What was added. */
  Mark mark() {
    if (all) {
      return Mark.all(mapping.table(), reason == null ? "value" : reason);
    }
    List<KeyRange> r = List.copyOf(ranges);
    List<Key> uncovered = new ArrayList<>(keys);
    if (!r.isEmpty()) {
      uncovered.removeIf(k -> r.stream().anyMatch(range -> range.contains(k)));
    }
    return new Mark(mapping.table(), uncovered, r, reason == null ? Mark.EXACT : reason, null);
  }
}

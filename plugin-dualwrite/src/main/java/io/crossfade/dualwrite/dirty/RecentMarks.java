package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last marks of a table, so that a reader can be told exactly whether one of them fell into
 * what it read. Guarded by the table's lock.
 */
final class RecentMarks {
  private final @Nullable Object[] ring;
  private long epoch;

  /** Remembers {@code size} marks. */
  RecentMarks(int size) {
    ring = new @Nullable Object[size];
  }

  /** How many marks there have been. */
  long epoch() {
    return epoch;
  }

  void add(Key key) {
    ring[(int) (epoch++ % ring.length)] = key;
  }

  void add(KeyRange range) {
    ring[(int) (epoch++ % ring.length)] = range;
  }

  /** Whether no mark since {@code since} touched {@code ranges}; false when that is forgotten. */
  boolean noneSince(long since, List<KeyRange> ranges) {
    if (epoch - since > ring.length) {
      return false;
    }
    for (long e = since; e < epoch; e++) {
      Object mark = ring[(int) (e % ring.length)];
      for (KeyRange r : ranges) {
        if (mark instanceof Key k ? r.contains(k) : mark instanceof KeyRange m && r.overlaps(m)) {
          return false;
        }
      }
    }
    return true;
  }
}

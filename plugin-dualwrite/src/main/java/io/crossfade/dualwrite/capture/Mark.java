package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one statement may change in one watched table.
 *
 * @param table the table
 * @param keys keys
 * @param ranges ranges
 * @param reason why not only keys, a short stable token; {@link #EXACT} when only keys
 * @param narrowing how MySQL may tell the keys in place of {@code ranges}; null when it cannot
 */
record Mark(
    TableName table,
    List<Key> keys,
    List<KeyRange> ranges,
    String reason,
    @Nullable Narrowing narrowing) {
  /** The statement addresses whole keys. */
  static final String EXACT = "exact";

  /** The whole of a table. */
  static Mark all(TableName table, String reason) {
    return new Mark(table, List.of(), List.of(KeyRange.ALL), reason, null);
  }

  /** The same, if it has ranges, with a way to narrow them. */
  Mark narrowedBy(@Nullable Narrowing way) {
    return ranges.isEmpty() ? this : new Mark(table, keys, ranges, reason, way);
  }

  /** How many entries it marks. */
  int size() {
    return keys.size() + ranges.size();
  }

  /** {@code key}, {@code prefix} or {@code table}: the coarsest thing marked. */
  String kind() {
    if (ranges.isEmpty()) {
      return "key";
    }
    return ranges.stream().anyMatch(KeyRange::isAll) ? "table" : "prefix";
  }
}

package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Row;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What HBase holds of one key.
 *
 * @param version the state's version; {@link #NONE} when there is no state
 * @param live whether the item exists
 * @param row the row of a live item; null when deleted or absent, or when it was written under
 *     another definition of the table: what it shows is then nothing, what derives from it unknown
 * @param columns TALL: qualifiers of the item's column cells
 */
public record StoredItem(long version, boolean live, @Nullable Row row, List<byte[]> columns) {
  /** The version of an item that HBase knows nothing of. */
  public static final long NONE = -1;

  static final StoredItem ABSENT = new StoredItem(NONE, false, null, List.of());

  /** Whether this is what MySQL has: {@code expected}, or no row at all when null. */
  public boolean shows(@Nullable Row expected) {
    Row stored = row;
    if (stored == null || expected == null) {
      return !live && expected == null;
    }
    return Arrays.deepEquals(stored.values(), expected.values());
  }
}

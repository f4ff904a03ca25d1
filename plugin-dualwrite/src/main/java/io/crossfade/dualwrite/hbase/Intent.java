package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state a key is to get.
 *
 * @param key the key
 * @param row its row in MySQL; null: there is none
 * @param strays WIDE: qualifiers of order entries that belong to no item, to be removed on the way
 */
public record Intent(Key key, @Nullable Row row, List<byte[]> strays) {
  public Intent(Key key, @Nullable Row row) {
    this(key, row, List.of());
  }
}

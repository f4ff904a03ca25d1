package io.crossfade.api.mapping;

import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import java.util.List;
import java.util.OptionalInt;

/**
 * A watched table as MySQL declares it.
 *
 * @param name its name
 * @param columns its columns in order
 * @param primaryKey positions in {@code columns} of the primary key's columns, in key order; never
 *     empty
 */
public record TableSchema(TableName name, List<Column> columns, List<Integer> primaryKey) {
  /** The position of the column called {@code column} (case-insensitive), if there is one. */
  public OptionalInt indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(column)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}

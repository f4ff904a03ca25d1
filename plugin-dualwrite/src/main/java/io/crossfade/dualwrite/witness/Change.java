package io.crossfade.dualwrite.witness;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one row, or one statement, changed in a watched table.
 *
 * @param table the table
 * @param key the key; null when any of them may have changed
 * @param reason why it is not a key, a short stable token; empty for a key
 */
record Change(TableName table, @Nullable Key key, String reason) {
  /** Reasons that are changes of the whole table, not changes of rows that could not be read. */
  private static final Set<String> WHOLE = Set.of("truncate", "ddl", "statement-format", "cascade");

  static Change of(TableName table, Key key) {
    return new Change(table, key, "");
  }

  /** Any key of the table. */
  static Change whole(TableName table, String reason) {
    return new Change(table, null, reason);
  }

  /** Whether rows were changed whose keys could not be read. */
  boolean unreadable() {
    return key == null && !WHOLE.contains(reason);
  }
}

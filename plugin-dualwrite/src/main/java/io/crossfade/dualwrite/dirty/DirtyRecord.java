package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import java.util.Arrays;
import java.util.Optional;

/**
 * A record of the store that is about rows of a table.
 *
 * @param table the table
 * @param key the key; empty: it is about a range
 * @param range the keys it is about
 */
public record DirtyRecord(TableName table, Optional<Key> key, KeyRange range) {
  /** What a record is about; empty for one of the store's own: sessions, named values. */
  public static Optional<DirtyRecord> of(RecordKey record) {
    byte[] bytes = record.bytes();
    return switch (bytes[0]) {
      case Records.KEY -> {
        Key key = Records.key(bytes);
        yield Optional.of(
            new DirtyRecord(Records.table(bytes), Optional.of(key), KeyRange.of(key)));
      }
      case Records.RANGE ->
          Optional.of(
              new DirtyRecord(Records.table(bytes), Optional.empty(), Records.range(bytes)));
      default -> Optional.empty();
    };
  }

  /** Whether a record's value says that nobody holds the rows any more. */
  public static boolean isReleased(byte[] value) {
    return Arrays.equals(value, Records.RELEASED);
  }
}

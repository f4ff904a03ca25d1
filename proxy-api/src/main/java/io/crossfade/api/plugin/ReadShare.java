package io.crossfade.api.plugin;

import io.crossfade.api.sql.TableName;
import java.time.Instant;

/**
 * What the read-switch plugin tells whoever decides that MySQL's copy of a table is no longer
 * needed. Published with {@link PluginContext#publish}. Thread-safe, never blocks.
 */
public interface ReadShare {
  /** The percentage (0 to 100) of sessions whose reads of the table go to HBase. */
  double percentage(TableName table);

  /** How many SELECTs on the table MySQL answered since {@code since}, for whatever reason. */
  long mysqlReadsSince(TableName table, Instant since);
}

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

  /**
   * How many reads of the table needed MySQL since {@code since}.
   *
   * <p>Counted is every SELECT that names the table and that HBase could not have answered: not
   * switched there, in a transaction, not proven, not understood, HBase late, failing or not ready;
   * also an understood write that reads it beside another table. Not counted are reads that MySQL
   * answered only for the moment, while HBase answers the same ones otherwise: the frame of the
   * result was being learned (and was learned), the key was dirty, or was marked during the read.
   * Under live traffic there are always some, and they end with the writes. Where they are the rule
   * and not the exception - more of them than HBase answered in the same time - they prove nothing
   * and are counted too.
   *
   * <p>Known limit: a read through a view, a routine or a text the proxy could not read is not
   * seen.
   */
  long mysqlReadsSince(TableName table, Instant since);
}

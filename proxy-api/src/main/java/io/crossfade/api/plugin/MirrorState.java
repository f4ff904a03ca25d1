package io.crossfade.api.plugin;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.sql.TableName;
import java.util.List;
import java.util.Optional;

/**
 * What the dual-write plugin tells a reader of HBase. Published with {@link PluginContext#publish}.
 * Thread-safe, never blocks.
 */
public interface MirrorState {
  /** The mapping of a watched table; empty while it is not known. */
  Optional<TableMapping> mapping(TableName table);

  /**
   * Empty when HBase may answer reads of {@code table} (backfilled, verified, mirror running), else
   * the reason, a short stable token.
   */
  Optional<String> unreadable(TableName table);

  /**
   * Looks whether all of {@code ranges} are clean.
   *
   * @return a ticket to show to {@link #stillClean} after the read; empty when something is dirty
   */
  Optional<Ticket> clean(TableName table, List<KeyRange> ranges);

  /** Whether nothing in the ticket's ranges was marked since it was given. */
  boolean stillClean(Ticket ticket);

  /** Epochs seen by {@link #clean}; opaque to the reader. */
  interface Ticket {}

  /** How old (milliseconds) the oldest dirty entry is; 0 when there is none. */
  long lagMillis(TableName table);
}

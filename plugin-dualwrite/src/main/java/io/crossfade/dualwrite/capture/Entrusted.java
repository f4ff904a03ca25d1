package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Holder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ranges of one transaction, until the witness names the keys. Thread-safe. */
final class Entrusted implements Announcements.Unnamed {
  private static final String KEYS = "keys";

  private final DirtyStore store;
  private final Holder holder;
  private final List<Planned> statements;
  private final CaptureMetrics metrics;
  private final CaptureReport report;

  /**
   * @param holder of the ranges
   * @param statements those that marked them, as far as they were remembered
   */
  Entrusted(
      DirtyStore store,
      Holder holder,
      List<Planned> statements,
      CaptureMetrics metrics,
      CaptureReport report) {
    this.store = store;
    this.holder = holder;
    this.statements = List.copyOf(statements);
    this.metrics = metrics;
    this.report = report;
  }

  @Override
  public void named(Map<TableName, List<Key>> keys, String why) {
    store.settle(holder, keys);
    Set<TableName> told = new HashSet<>();
    for (Planned p : statements) {
      TableName table = p.mark().table();
      List<Key> known = keys.get(table);
      if (known == null) {
        metrics.witnessed(why);
      } else {
        // Whose keys they are is not known: all of them count for the first.
        int first = told.add(table) ? known.size() : 0;
        metrics.witnessed(KEYS);
        metrics.marked("key", "witnessed", first);
        report.line(p).narrowed(p.mark(), How.WITNESSED, first);
      }
    }
  }
}

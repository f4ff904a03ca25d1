package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.mysql.GeneratedKeys;
import org.jspecify.annotations.Nullable;

/**
 * What the planner must know of one watched table.
 *
 * @param table its name
 * @param mapping how keys are made; null while the table's schema is not known (whole table marked)
 * @param otherUniqueKeys whether it has a unique key besides the primary key
 * @param beforeInsertTrigger whether a BEFORE INSERT trigger exists (it may change keys)
 * @param beforeUpdateTrigger whether a BEFORE UPDATE trigger exists (it may change keys)
 * @param generatedKeys what is certain of the AUTO_INCREMENT values of an INSERT
 */
public record CaptureTable(
    TableName table,
    @Nullable TableMapping mapping,
    boolean otherUniqueKeys,
    boolean beforeInsertTrigger,
    boolean beforeUpdateTrigger,
    GeneratedKeys generatedKeys) {

  /** Whether a statement that was planned by {@code before} may have changed more than it said. */
  public boolean lessCertainThan(CaptureTable before) {
    return (otherUniqueKeys && !before.otherUniqueKeys)
        || (beforeInsertTrigger && !before.beforeInsertTrigger)
        || (beforeUpdateTrigger && !before.beforeUpdateTrigger);
  }

  /** A table of which nothing is known yet: every write marks the whole of it. */
  public static CaptureTable unknown(TableName table) {
    return new CaptureTable(table, null, true, true, true, GeneratedKeys.UNCERTAIN);
  }
}

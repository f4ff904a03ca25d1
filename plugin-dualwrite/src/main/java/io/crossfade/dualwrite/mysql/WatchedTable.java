package io.crossfade.dualwrite.mysql;

import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.TableName;

/**
 * A watched table as MySQL has it now.
 *
 * @param schema columns and primary key
 * @param otherUniqueKeys whether it has a unique key besides the primary key
 * @param beforeInsertTrigger whether a BEFORE INSERT trigger exists
 * @param beforeUpdateTrigger whether a BEFORE UPDATE trigger exists
 * @param generatedKeys what is certain of the AUTO_INCREMENT values of an INSERT
 * @param estimatedRows MySQL's estimate of its rows
 */
public record WatchedTable(
    TableSchema schema,
    boolean otherUniqueKeys,
    boolean beforeInsertTrigger,
    boolean beforeUpdateTrigger,
    GeneratedKeys generatedKeys,
    long estimatedRows) {
  /** Its name. */
  public TableName name() {
    return schema.name();
  }
}

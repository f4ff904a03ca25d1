package io.crossfade.readswitch.route;

import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.position.Position;
import java.time.Duration;
import java.util.Map;

/**
 * The configuration in force, as reads need it. Immutable; replaced as a whole by a reload.
 *
 * @param tables the tables whose reads are switched at all
 * @param breakerFailures failures in a row that open the circuit breaker
 * @param breakerOpenFor how long it stays open
 */
public record RouteSettings(
    Map<TableName, Table> tables, int breakerFailures, Duration breakerOpenFor) {
  private static final Table DEFAULT = new Table(Position.MYSQL, Duration.ofMillis(50));

  /**
   * One table's.
   *
   * @param position which sessions read from HBase
   * @param timeLimit how long HBase may take
   */
  public record Table(Position position, Duration timeLimit) {}

  /** The settings of a table; of one that is not configured: all from MySQL. */
  public Table table(TableName name) {
    return tables.getOrDefault(name, DEFAULT);
  }
}

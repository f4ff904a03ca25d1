package io.crossfade.sandbox.selftest.grammar;

import java.util.List;

/**
 * One thing a session does.
 *
 * @param way how
 * @param kind the grammar's name for it, for the report
 * @param sql the statement, with {@code ?} where a prepared one has parameters
 * @param parameters their values as literals
 * @param data the rows of a LOAD DATA LOCAL
 */
public record Step(Way way, String kind, String sql, List<String> parameters, String data) {
  /** How a step is carried out. */
  public enum Way {
    /** COM_QUERY. */
    TEXT,
    /** COM_STMT_PREPARE and COM_STMT_EXECUTE. */
    PREPARED,
    /** The connection is cut, whatever it is doing. */
    CUT
  }
}

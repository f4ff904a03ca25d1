package io.crossfade.dualwrite.capture;

import java.util.Locale;

/** Why MySQL was not asked for the keys of an UPDATE or DELETE, or asked in vain. */
enum NotAsked {
  /** Nothing to ask: exact, or a statement of another kind. */
  NONE(""),
  SWITCHED_OFF("set plugins.dualwrite.capture.ask: true, or name whole keys in WHERE"),
  OUTSIDE_TRANSACTION(
      "run it inside a transaction, so that its keys can be asked for, or name whole keys in"
          + " WHERE, or have the binlog name them (plugins.dualwrite.witness)"),
  SEVERAL_STATEMENTS("send it as a statement of its own, or name whole keys in WHERE"),
  SHAPE(
      "name whole keys in WHERE, or use a condition on this table alone: no subquery, ORDER BY,"
          + " LIMIT, IGNORE, hint, variable, nor a function like NOW() or RAND()"),
  VALUE(
      "name whole keys in WHERE, or compare columns with values of their own type: strings without"
          + " backslash, in prepared statements no other expression"),
  SESSION(
      "the session was busy with what a question would disturb: LOCK TABLES, session tracking by"
          + " the client, a diagnostic function in the statement, FOUND_ROWS() over 10000"),
  PRIVILEGE("GRANT SELECT on the table's key columns to the application's account"),
  LOCK_WAIT("MySQL's answer took longer than innodb_lock_wait_timeout; look at who holds locks"),
  TOO_MANY("change at most 10000 rows by one statement, or name whole keys in WHERE"),
  ERROR("MySQL refused the question; name whole keys in WHERE"),
  DIFFERED("other rows came in between; use REPEATABLE READ, or name whole keys in WHERE");

  private final String hint;

  NotAsked(String hint) {
    this.hint = hint;
  }

  /** What would end the ranges. */
  String hint() {
    return hint;
  }

  /** Its name in metrics and reports. */
  String token() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

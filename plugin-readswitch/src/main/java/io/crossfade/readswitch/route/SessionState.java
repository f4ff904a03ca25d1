package io.crossfade.readswitch.route;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;

/**
 * What makes one session's reads differ from everybody's: a temporary table may hide the watched
 * one, table locks may forbid it. After a statement that may have done such a thing the session
 * reads from MySQL until it is reset. Event-loop confined.
 */
final class SessionState {
  private static final int COM_QUERY = 0x03;
  private static final int COM_CHANGE_USER = 0x11;
  private static final int COM_STMT_EXECUTE = 0x17;
  private static final int COM_RESET_CONNECTION = 0x1F;

  private boolean peculiar;

  /** Takes note of a command. */
  void observe(Exchange exchange) {
    switch (exchange.command()) {
      case COM_CHANGE_USER, COM_RESET_CONNECTION -> peculiar = false;
      case COM_QUERY, COM_STMT_EXECUTE ->
          peculiar |= exchange.statements().isEmpty() || mayChange(exchange);
      default -> {
        // The others neither run statements nor change what later ones see.
      }
    }
  }

  private static boolean mayChange(Exchange exchange) {
    for (Analyzed analyzed : exchange.statements()) {
      boolean may =
          switch (analyzed.statement().kind()) {
            case DDL, CALL, LOCK, EXECUTE, OTHER -> true;
            case SELECT,
                INSERT,
                REPLACE,
                UPDATE,
                DELETE,
                LOAD,
                TRUNCATE,
                SET,
                USE,
                BEGIN,
                COMMIT,
                ROLLBACK,
                SAVEPOINT,
                XA,
                PREPARE,
                DEALLOCATE,
                SHOW ->
                false;
          };
      if (may) {
        return true;
      }
    }
    return false;
  }

  /** Whether the command runs statements at all. */
  static boolean runs(Exchange exchange) {
    return exchange.command() == COM_QUERY || exchange.command() == COM_STMT_EXECUTE;
  }

  /** Why no read of this session may go to HBase now; empty when it may. */
  String obstacle(SessionView session) {
    if (session.transaction() != SessionView.TransactionState.NONE || !session.autocommit()) {
      return "in-transaction";
    }
    return peculiar ? "session-state" : "";
  }
}

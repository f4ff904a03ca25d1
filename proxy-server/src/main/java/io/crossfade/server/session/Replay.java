package io.crossfade.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Remembers a SELECT that MySQL has not seen because a plugin answered it, until something asks for
 * what it would have left behind (FOUND_ROWS(), ROW_COUNT(), warnings): then MySQL executes it
 * first, unnoticed. Event-loop confined.
 */
final class Replay {
  /** A longer command is not answered by a plugin. */
  static final int MAX_BYTES = 1 << 16;

  private byte @Nullable [] answered;
  private boolean onlyFoundRows;

  /** A plugin answered this command. */
  void answered(ByteBuf command) {
    answered = ByteBufUtil.getBytes(command);
    onlyFoundRows = false;
  }

  /** Whether MySQL has seen everything that may be asked about. */
  boolean none() {
    return answered == null;
  }

  /** What must go to MySQL ahead of {@code command}; null when nothing must. */
  byte @Nullable [] before(Command command) {
    byte[] last = answered;
    if (last == null) {
      return null;
    }
    switch (command.type) {
      case QUERY, STMT_EXECUTE -> {
        boolean needed =
            command.readsDiagnostics
                && (!onlyFoundRows
                    || command.protocol == io.crossfade.api.plugin.Exchange.Protocol.BINARY
                    || Inspector.readsFoundRows(command.bytes));
        if (needed || !keepsFoundRows(command)) {
          answered = null;
        } else {
          onlyFoundRows = true;
        }
        return needed ? last : null;
      }
      case RESET_CONNECTION, CHANGE_USER -> answered = null;
      default -> {}
    }
    return null;
  }

  private static boolean keepsFoundRows(Command command) {
    return !command.multiple
        && switch (command.kind) {
          case SET, BEGIN, COMMIT, ROLLBACK, SAVEPOINT, USE, INSERT, UPDATE, DELETE, REPLACE ->
              true;
          case SELECT,
              LOAD,
              TRUNCATE,
              DDL,
              CALL,
              XA,
              LOCK,
              PREPARE,
              EXECUTE,
              DEALLOCATE,
              SHOW,
              OTHER ->
              false;
        };
  }
}

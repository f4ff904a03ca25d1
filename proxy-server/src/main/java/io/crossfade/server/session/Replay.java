package io.crossfade.server.session;

import io.crossfade.api.plugin.Exchange.Protocol;
import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Remembers a SELECT that MySQL has not seen because a plugin answered it, until something asks for
 * what it would have left behind (FOUND_ROWS(), ROW_COUNT(), warnings): then MySQL executes it
 * first, unnoticed. A prepared one must be executable that long: the end of its statement is kept
 * back. Event-loop confined.
 */
final class Replay {
  /** A longer command is not answered by a plugin. */
  static final int MAX_BYTES = 1 << 16;

  private byte @Nullable [] answered;

  /** The prepared statement that was answered. */
  private long statement = Command.NO_STATEMENT;

  /** The command that closes it. */
  private byte @Nullable [] close;

  private boolean onlyFoundRows;

  /**
   * A plugin answered this command.
   *
   * @return what was kept back for the one before and goes to MySQL now; null when nothing was
   */
  byte @Nullable [] answered(Command command) {
    answered = null;
    byte[] due = released();
    answered = ByteBufUtil.getBytes(command.bytes);
    statement = command.statement;
    onlyFoundRows = false;
    return due;
  }

  /**
   * FOUND_ROWS() alone is not what it should be; {@code select} is a packet that puts it right. It
   * is only sent when the session asks: what else the last statement left behind must stay.
   */
  void foundRows(byte[] select) {
    answered = select;
    statement = Command.NO_STATEMENT;
    onlyFoundRows = true;
  }

  /** Whether MySQL has seen everything that may be asked about. */
  boolean none() {
    return answered == null;
  }

  /** Whether the command must not go to MySQL yet; it is remembered then. */
  boolean keepsBack(Command command) {
    if (answered == null || close != null || !closes(command)) {
      return false;
    }
    close = ByteBufUtil.getBytes(command.bytes);
    return true;
  }

  private boolean closes(Command command) {
    return command.type == CommandType.STMT_CLOSE && isAboutIt(command);
  }

  private boolean isAboutIt(Command command) {
    return command.statement != Command.NO_STATEMENT && command.statement == statement;
  }

  /** What was kept back and need not be any more: it goes to MySQL now; null when nothing does. */
  byte @Nullable [] released() {
    if (answered != null) {
      return null;
    }
    byte[] due = close;
    close = null;
    return due;
  }

  /** What must go to MySQL ahead of {@code command}; null when nothing must. */
  byte @Nullable [] before(Command command) {
    byte[] last = answered;
    if (last == null) {
      return null;
    }
    switch (command.type) {
      case QUERY, STMT_EXECUTE -> {
        boolean needed = needs(command);
        if (needed || !keepsFoundRows(command)) {
          answered = null;
        } else {
          onlyFoundRows = true;
        }
        return needed ? last : null;
      }
      case STMT_SEND_LONG_DATA, STMT_RESET, STMT_FETCH, STMT_CLOSE -> {
        // The repeated execution would use the value up; a closed statement must be closed now.
        if (isAboutIt(command)
            && (command.type == CommandType.STMT_SEND_LONG_DATA || close != null)) {
          answered = null;
          return onlyFoundRows ? null : last;
        }
      }
      case RESET_CONNECTION, CHANGE_USER -> answered = null;
      default -> {}
    }
    return null;
  }

  private boolean needs(Command command) {
    if (command.streamed) {
      // Nobody has read it yet.
      return !onlyFoundRows;
    }
    return command.readsDiagnostics
        && (!onlyFoundRows
            || command.protocol == Protocol.BINARY
            || Inspector.readsFoundRows(command.bytes));
  }

  /**
   * Whether FOUND_ROWS() is the same after it. Measured on 8.0.31: an UPDATE sets it, and so does
   * any write that selects.
   */
  private static boolean keepsFoundRows(Command command) {
    return !command.multiple
        && switch (command.kind) {
          case SET, BEGIN, COMMIT, ROLLBACK, SAVEPOINT, USE -> true;
          case INSERT, DELETE, REPLACE -> !Inspector.mayRead(command.bytes);
          case UPDATE,
              SELECT,
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

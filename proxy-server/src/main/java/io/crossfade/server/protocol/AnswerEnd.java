package io.crossfade.server.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the last OK, EOF or ERR packet of an answer said.
 *
 * @param error the error code, 0 when there was none
 * @param status status flags; -1 when the answer had none (an ERR, a text)
 * @param affectedRows of the last OK, else 0
 * @param lastInsertId of the last OK, else 0
 * @param warnings number of warnings
 * @param matchedRows the rows an UPDATE found, if the last OK told; else -1
 * @param changes what an OK told of the session's state
 */
public record AnswerEnd(
    int error,
    int status,
    long affectedRows,
    long lastInsertId,
    int warnings,
    long matchedRows,
    SessionChanges changes) {
  static final AnswerEnd NOTHING = new AnswerEnd(0, -1, 0, 0, 0, -1, SessionChanges.NONE);

  static AnswerEnd of(OkPacket ok) {
    return new AnswerEnd(
        0,
        ok.status(),
        ok.affectedRows(),
        ok.lastInsertId(),
        ok.warnings(),
        ok.matchedRows(),
        ok.changes());
  }

  static AnswerEnd of(EofPacket eof) {
    return new AnswerEnd(0, eof.status(), 0, 0, eof.warnings(), -1, SessionChanges.NONE);
  }

  static AnswerEnd error(int code) {
    return new AnswerEnd(code, -1, 0, 0, 0, -1, SessionChanges.NONE);
  }

  /** The new current database when an OK told of a change, else null. */
  public @Nullable String schema() {
    return changes.schema();
  }

  /** Whether {@code flag} of {@link ServerStatus} is set. */
  public boolean has(int flag) {
    return status >= 0 && (status & flag) != 0;
  }
}

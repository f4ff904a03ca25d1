package io.crossfade.api.plugin;

import org.jspecify.annotations.Nullable;

/**
 * MySQL's whole answer to one command.
 *
 * @param error the error code when the (last) result was an ERR packet, else 0
 * @param inTransaction SERVER_STATUS_IN_TRANS of the last OK/EOF; meaningless when {@code error !=
 *     0}
 * @param affectedRows of the last OK packet, else 0
 * @param lastInsertId of the last OK packet, else 0
 * @param matchedRows the rows an UPDATE found, changed or not; -1 when MySQL did not tell
 * @param metadata of the result set, when it was asked for with {@link Verdict#forwardAndLearn} and
 *     the answer was exactly one result set; else null
 */
public record Outcome(
    int error,
    boolean inTransaction,
    long affectedRows,
    long lastInsertId,
    long matchedRows,
    @Nullable ResultMetadata metadata) {
  /** An outcome that says nothing of matched rows. */
  public Outcome(
      int error,
      boolean inTransaction,
      long affectedRows,
      long lastInsertId,
      @Nullable ResultMetadata metadata) {
    this(error, inTransaction, affectedRows, lastInsertId, -1, metadata);
  }

  /** Whether MySQL executed the command without an error. */
  public boolean ok() {
    return error == 0;
  }
}

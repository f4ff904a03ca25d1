package io.crossfade.api.plugin;

import io.crossfade.api.mapping.Row;
import java.util.List;

/**
 * What MySQL replied to a question of a plugin's.
 *
 * @param error the error code, 0 when there was none. After an error {@link
 *     SessionView#transaction} says what became of the transaction
 * @param sqlState the error's SQLSTATE
 * @param message the error's text
 * @param rows the rows as the text protocol has them, one value a column; empty after an error
 */
public record Reply(int error, String sqlState, String message, List<Row> rows) {
  /** A reply of rows. */
  public static Reply of(List<Row> rows) {
    return new Reply(0, "", "", rows);
  }

  /** Whether there was no error. */
  public boolean ok() {
    return error == 0;
  }
}

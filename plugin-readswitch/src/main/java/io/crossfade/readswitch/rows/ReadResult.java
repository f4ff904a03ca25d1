package io.crossfade.readswitch.rows;

import io.crossfade.api.mapping.Row;
import java.util.List;

/**
 * What a read gave: the rows of the result, or why they are not proven to be MySQL's.
 *
 * @param rows the result rows; empty when not proven
 * @param unproven a short stable token; empty when the rows are proven
 */
public record ReadResult(List<Row> rows, String unproven) {
  /** These rows are MySQL's answer. */
  public static ReadResult proven(List<Row> rows) {
    return new ReadResult(rows, "");
  }

  /** Not proven, because of {@code reason}. */
  public static ReadResult unproven(String reason) {
    return new ReadResult(List.of(), reason);
  }

  /** Whether {@link #rows} is the answer. */
  public boolean isProven() {
    return unproven.isEmpty();
  }
}

package io.crossfade.bench.load;

import java.util.Arrays;
import java.util.Locale;

/** How statements are sent. */
public enum Mode {
  /** COM_QUERY with the values in the text. */
  TEXT,
  /** COM_STMT_EXECUTE of statements prepared once a connection. */
  PREPARED;

  /** How options and tables call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when there is none of this label
   */
  public static Mode of(String label) {
    return Arrays.stream(values())
        .filter(mode -> mode.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown mode '" + label + "'; there are text, prepared"));
  }
}

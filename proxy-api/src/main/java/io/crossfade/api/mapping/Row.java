package io.crossfade.api.mapping;

import org.jspecify.annotations.Nullable;

/**
 * One row: a value's text form for each column of the schema, in its order; null for SQL NULL.
 * Treat as immutable.
 */
public record Row(byte[] @Nullable [] values) {
  /** The text form of column {@code i}, null for SQL NULL. */
  public byte @Nullable [] get(int i) {
    return values[i];
  }
}

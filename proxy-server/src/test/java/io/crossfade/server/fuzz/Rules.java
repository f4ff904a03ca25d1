package io.crossfade.server.fuzz;

import org.jspecify.annotations.Nullable;

/** Keeps the first rule that was broken, also when what was thrown then got lost in a future. */
final class Rules {
  private @Nullable AssertionError broken;

  /** Fails the case unless the rule holds. */
  void require(boolean holds, String otherwise) {
    if (!holds) {
      AssertionError error = new AssertionError(otherwise);
      if (broken == null) {
        broken = error;
      }
      throw error;
    }
  }

  /** Throws what was thrown first. */
  void check() {
    if (broken != null) {
      throw broken;
    }
  }

  /** The value, which must be there. */
  static <T> T there(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("nothing is there");
    }
    return value;
  }
}

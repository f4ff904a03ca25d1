package io.crossfade.dualwrite.witness;

/** How many changes of a table the witness has seen, and what it knows of them. */
final class Tally {
  private long announced;
  private long bypassed;
  private long unproven;
  private long inherited;

  /** What is known of a change. */
  enum Kind {
    /** The session's transaction had marked it. */
    ANNOUNCED,
    /** Nobody had. */
    BYPASSED,
    /** More was announced than could be remembered. */
    UNPROVEN,
    /** Made by a session of this proxy's last run, before this one began. */
    INHERITED
  }

  void add(Kind kind, long count) {
    switch (kind) {
      case ANNOUNCED -> announced += count;
      case BYPASSED -> bypassed += count;
      case UNPROVEN -> unproven += count;
      case INHERITED -> inherited += count;
    }
  }

  long of(Kind kind) {
    return switch (kind) {
      case ANNOUNCED -> announced;
      case BYPASSED -> bypassed;
      case UNPROVEN -> unproven;
      case INHERITED -> inherited;
    };
  }
}

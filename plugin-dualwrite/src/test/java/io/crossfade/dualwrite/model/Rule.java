package io.crossfade.dualwrite.model;

/** The rules of the protocol, each of which can be broken on its own. */
enum Rule {
  /** The version is taken before the row is read. */
  V_BEFORE_READ,
  /** The row is read at least one clock tick after the version was taken. */
  TICK_BEFORE_READ,
  /** A write is refused as a whole where a version as great is there already. */
  GUARDED_WRITE,
  /** An item changes together with its order entry and the counter. */
  WHOLE_ROW_REPLACE,
  /** A deletion leaves a state cell at its version, not a delete marker. */
  SOFT_DELETE,
  /** Soft deletions outlive every write that may still land. */
  RETENTION_LONGER_THAN_WRITE_LIFETIME,
  /** A write is sent only while its version is young; an older one is read anew. */
  VERSION_YOUNG_WHEN_SENT,
  /** A dirty key's re-read writes even when both sides look equal. */
  OWN_REREAD_ALWAYS_WRITES,
  /** A mark of what is dirty already raises the generation. */
  NEW_MARK_RAISES_GENERATION,
  /** A re-read entry is removed only if its generation is the one picked. */
  COMPARE_AND_DELETE_ON_GENERATION,
  /** An entry is not removed while somebody holds it, or held it when it was picked. */
  NOT_REMOVED_WHILE_HELD,
  /** What a statement may change is marked before it is forwarded, not when it was answered. */
  MARK_BEFORE_COMMIT,
  /** A commit is forwarded only when the marks are durable. */
  DURABLE_BEFORE_COMMIT,
  /** Marks of a lost session, or of a dead incarnation, stay until MySQL has ended the sessions. */
  HELD_UNTIL_SESSION_ENDED_AFTER_CRASH,
  /** Marks are released when the commit was answered, not when it was sent. */
  RELEASE_NOT_BEFORE_END,
  /** A range is cleared only when no earlier write can land unseen. */
  RANGE_SCAN_AFTER_INFLIGHT_OR_SECOND_PASS,
  /** A clock below the greatest version ever used pauses the mirror. */
  CLOCK_NEVER_BACK
}

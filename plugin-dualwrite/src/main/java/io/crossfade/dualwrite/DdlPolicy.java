package io.crossfade.dualwrite;

/** What becomes of a change of a watched table's definition. */
public enum DdlPolicy {
  /** The mapping follows it where it can, and the whole table is written anew; else it is held. */
  MIRROR,
  /** The mirror stands still until the definition is back or the proxy is started anew. */
  HOLD,
  /** A statement that is understood to alter the table gets an error; any other is held. */
  REFUSE
}

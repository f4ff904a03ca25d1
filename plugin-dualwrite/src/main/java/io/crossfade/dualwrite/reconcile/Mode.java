package io.crossfade.dualwrite.reconcile;

/** What reconcile does about what it finds. */
public enum Mode {
  /** Counts differences; each is judged again once its key is clean. */
  LOOK,
  /** Writes what differs. */
  REPAIR,
  /** Writes everything it finds on either side, equal or not: an older write may be on its way. */
  REWRITE
}

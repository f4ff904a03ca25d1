package io.crossfade.dualwrite.dirty.kafka;

import io.crossfade.dualwrite.dirty.DirtyRecord;

/**
 * A message about rows of a watched table. All messages about one key are in one partition, in
 * order, whichever proxy they come from.
 *
 * @param proxy the proxy it comes from
 * @param rows the key or the range it is about
 * @param state what became of them
 * @param partition the topic's partition
 * @param generation grows with every message of the partition: one that is not larger than the last
 *     one handled about the same rows is a duplicate
 */
public record DirtyMessage(
    String proxy, DirtyRecord rows, State state, int partition, long generation) {
  /** What became of the rows. */
  public enum State {
    /** They are about to be changed: the transaction has not ended. Nothing to re-read yet. */
    MARKED,
    /** Nobody holds them any more: a change, if there was one, is committed. */
    RELEASED,
    /** The mirror has written their state to HBase; they may have been released unannounced. */
    CLEAN
  }

  /** Whether the rows may have been changed since the last message that said so. */
  public boolean mayHaveChanged() {
    return state != State.MARKED;
  }
}

package io.crossfade.dualwrite.dirty;

/** What an operator must be told of. Called on a thread of the store; must not block. */
public interface Incidents {
  /** Tells nobody: what happens is counted and logged anyway. */
  Incidents NONE =
      new Incidents() {
        @Override
        public void debt(String reason) {}

        @Override
        public void debtPaid() {}

        @Override
        public void unrecorded(String reason) {}
      };

  /** The store stalls or fails, writes go on under the debt flag. */
  void debt(String reason);

  /** Everything marked is durable again and the debt flag cleared. */
  void debtPaid();

  /**
   * Neither the store nor the debt flag could be written and the setting is {@code forward}: should
   * the proxy die now, changes are lost to the mirror. Stages must step back to backfill.
   */
  void unrecorded(String reason);
}

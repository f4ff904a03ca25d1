package io.crossfade.dualwrite.stage;

import java.util.Locale;

/** The stages of a table's migration, in order. */
public enum Stage {
  /** Changes are mirrored; HBase lacks the history. */
  DUAL_WRITE,
  /** History is being copied, or was copied and not verified. */
  BACKFILL,
  /** Everything was copied; both sides are being compared, or differ. */
  VERIFY,
  /** Both sides were proved equal: HBase may answer reads. */
  READ_SWITCH,
  /** Nobody asks MySQL any more: the old table may be retired. */
  CLEANUP,
  /** The old table is out of the way; the mirror has stopped. */
  RETIRED;

  /** As operators see it: {@code dual-write}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether HBase holds everything, proved. */
  public boolean proved() {
    return compareTo(READ_SWITCH) >= 0;
  }
}

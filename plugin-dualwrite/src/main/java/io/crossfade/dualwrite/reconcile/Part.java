package io.crossfade.dualwrite.reconcile;

import io.crossfade.api.mapping.KeyRange;

/** One key range of a job and how far it got. Guarded by its job. */
final class Part {
  final KeyRange range;

  /** Where the MySQL sweep goes on. */
  byte[] cursor;

  /** Whether the MySQL sweep is over. */
  boolean swept;

  /** The last HBase row the HBase sweep has dealt with. */
  byte[] scanned = {};

  /** Whether the HBase sweep is over. */
  boolean done;

  Part(KeyRange range) {
    this.range = range;
    this.cursor = range.from();
  }
}

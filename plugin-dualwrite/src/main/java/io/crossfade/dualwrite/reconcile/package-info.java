/**
 * Compares a range of keys on both sides and, unless only looking, writes what differs: backfill,
 * verification, repair and dirty ranges are this one operation.
 */
@NullMarked
package io.crossfade.dualwrite.reconcile;

import org.jspecify.annotations.NullMarked;

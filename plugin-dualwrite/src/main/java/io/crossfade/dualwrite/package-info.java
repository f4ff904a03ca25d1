/**
 * The dual-write plugin: puts capture, the dirty store, the mirror, reconcile and the stages
 * together for the watched tables of one configuration.
 */
@NullMarked
package io.crossfade.dualwrite;

import org.jspecify.annotations.NullMarked;

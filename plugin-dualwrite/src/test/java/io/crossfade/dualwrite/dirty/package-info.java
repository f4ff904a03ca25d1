/** Tests of the dirty store, with a disk and a debt flag that fail on demand. */
@NullMarked
package io.crossfade.dualwrite.dirty;

import org.jspecify.annotations.NullMarked;

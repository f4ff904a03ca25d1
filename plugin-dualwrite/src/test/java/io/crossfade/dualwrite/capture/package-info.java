/** Tests of capture: real analysis and mapping, scripted exchanges, a recording store. */
@NullMarked
package io.crossfade.dualwrite.capture;

import org.jspecify.annotations.NullMarked;

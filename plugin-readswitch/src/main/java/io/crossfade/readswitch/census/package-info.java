/** Which SELECT templates a watched table sees, how often, and whether HBase could answer them. */
@NullMarked
package io.crossfade.readswitch.census;

import org.jspecify.annotations.NullMarked;

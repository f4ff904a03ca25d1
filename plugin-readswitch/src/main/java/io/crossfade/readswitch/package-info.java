/**
 * The read switch: SELECTs on a watched table are answered from HBase where that is proven equal to
 * MySQL, for a whitelist and a percentage of the sessions. Here: configuration and life cycle.
 */
@NullMarked
package io.crossfade.readswitch;

import org.jspecify.annotations.NullMarked;

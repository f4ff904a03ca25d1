/**
 * Decides per statement which side answers, has HBase answer it in time or lets MySQL, and counts
 * why.
 */
@NullMarked
package io.crossfade.readswitch.route;

import org.jspecify.annotations.NullMarked;

/**
 * Dirty keys -&gt; re-read from MySQL -&gt; HBase: the workers, and the watch over sessions that
 * died with marks.
 */
@NullMarked
package io.crossfade.dualwrite.mirror;

import org.jspecify.annotations.NullMarked;

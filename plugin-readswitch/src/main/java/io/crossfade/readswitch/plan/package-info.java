/**
 * A SELECT, its values and the session's terms -&gt; what to read from HBase, or why it is not
 * proven that HBase's answer would equal MySQL's. Pure.
 */
@NullMarked
package io.crossfade.readswitch.plan;

import org.jspecify.annotations.NullMarked;

/** Bytes &lt;-&gt; MySQL packets (length, sequence id, 16 MiB split and join); knows no message. */
@NullMarked
package io.crossfade.server.frame;

import org.jspecify.annotations.NullMarked;

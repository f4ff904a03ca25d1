/** Rows -&gt; the packets MySQL would have sent under this session's capabilities. */
@NullMarked
package io.crossfade.server.result;

import org.jspecify.annotations.NullMarked;

/** The leg to MySQL: connects, and turns Netty's callbacks into calls of the session. */
@NullMarked
package io.crossfade.server.backend;

import org.jspecify.annotations.NullMarked;

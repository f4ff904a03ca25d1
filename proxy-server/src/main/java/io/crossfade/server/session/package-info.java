/**
 * All that is true of one client connection, and the phases it goes through. Talks to the two legs
 * through the ports {@code ClientPort} and {@code BackendPort} only.
 */
@NullMarked
package io.crossfade.server.session;

import org.jspecify.annotations.NullMarked;

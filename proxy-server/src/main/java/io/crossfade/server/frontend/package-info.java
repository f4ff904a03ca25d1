/** The leg to the client: listens, offers TLS, and wires a session to its two legs. */
@NullMarked
package io.crossfade.server.frontend;

import org.jspecify.annotations.NullMarked;

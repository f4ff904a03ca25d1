/**
 * Compressed packets of one leg ("Compressed Packet" in the manual): a channel handler between TLS
 * and the session, and the two algorithms.
 */
@NullMarked
package io.crossfade.server.compress;

import org.jspecify.annotations.NullMarked;

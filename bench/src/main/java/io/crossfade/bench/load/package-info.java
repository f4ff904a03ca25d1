/**
 * The load generator: a process of its own, so that its CPU time is nobody else's, with a MySQL
 * client that is as light as a client can be. One event loop; statements encoded ahead; the end of
 * a response found from packet headers, rows not looked at.
 */
@NullMarked
package io.crossfade.bench.load;

import org.jspecify.annotations.NullMarked;

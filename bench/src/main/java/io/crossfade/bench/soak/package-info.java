/**
 * The soak: hours of mixed and hostile traffic through a proxy process with a small heap, and a
 * verdict on what grew, what leaked, what was left behind and whether HBase equals MySQL after it.
 */
@NullMarked
package io.crossfade.bench.soak;

import org.jspecify.annotations.NullMarked;

/** {@code ./crossfade demo}: the whole migration of one table, watched from a terminal. */
@NullMarked
package io.crossfade.sandbox.demo;

import org.jspecify.annotations.NullMarked;

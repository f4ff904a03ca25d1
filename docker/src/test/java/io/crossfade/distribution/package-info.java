/** What is shipped: complete, without duplicates, free of what may not be redistributed. */
@NullMarked
package io.crossfade.distribution;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.crossfade.bench.soak;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.crossfade.bench.mirror;

import org.jspecify.annotations.NullMarked;

/**
 * Side-by-side benchmarks: every figure is a ratio to MySQL reached directly, measured in
 * interleaved rounds of one run, because machines are noisy.
 */
@NullMarked
package io.crossfade.bench;

import org.jspecify.annotations.NullMarked;

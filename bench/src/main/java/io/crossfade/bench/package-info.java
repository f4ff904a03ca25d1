/**
 * {@code ./crossfade bench}: MySQL reached directly, through other proxies and through Crossfade,
 * in interleaved rounds of one run on one MySQL, because machines are noisy: every figure that
 * counts is the median of the rounds' ratios. {@code lab} has what is compared, {@code load} the
 * load generator, {@code report} ratios, budgets and tables; this package says what is run, and
 * runs it.
 */
@NullMarked
package io.crossfade.bench;

import org.jspecify.annotations.NullMarked;

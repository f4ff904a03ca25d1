/** From measured rounds to medians of ratios, budgets and Markdown. Pure. */
@NullMarked
package io.crossfade.bench.report;

import org.jspecify.annotations.NullMarked;

/**
 * A seeded grammar of SQL: rules as data ({@code selftest.grammar}, {@code tables.sql}), pure, and
 * blind to what MySQL answers, so that a seed gives the same sequence of steps whatever happens.
 */
@NullMarked
package io.crossfade.sandbox.selftest.grammar;

import org.jspecify.annotations.NullMarked;

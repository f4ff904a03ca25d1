/**
 * {@code ./crossfade selftest}: generated SQL through a proxy on scratch tables, faults meanwhile,
 * and an independent comparison of every row in the end.
 */
@NullMarked
package io.crossfade.sandbox.selftest;

import org.jspecify.annotations.NullMarked;

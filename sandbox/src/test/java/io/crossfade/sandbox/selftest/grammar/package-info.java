@NullMarked
package io.crossfade.sandbox.selftest.grammar;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.crossfade.sandbox.selftest;

import org.jspecify.annotations.NullMarked;

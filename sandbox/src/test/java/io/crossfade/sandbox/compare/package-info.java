@NullMarked
package io.crossfade.sandbox.compare;

import org.jspecify.annotations.NullMarked;

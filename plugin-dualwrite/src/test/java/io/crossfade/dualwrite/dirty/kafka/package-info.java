/** Tests of the dirty store's topic that need no broker. */
@NullMarked
package io.crossfade.dualwrite.dirty.kafka;

import org.jspecify.annotations.NullMarked;

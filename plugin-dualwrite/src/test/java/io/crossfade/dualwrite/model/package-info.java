/**
 * An abstract model of the mirror's protocol (ARCHITECTURE.md sections 1 and 4): random
 * interleavings converge with every rule in force, and some do not with any one rule broken.
 */
@NullMarked
package io.crossfade.dualwrite.model;

import org.jspecify.annotations.NullMarked;

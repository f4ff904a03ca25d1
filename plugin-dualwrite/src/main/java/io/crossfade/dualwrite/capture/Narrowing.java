package io.crossfade.dualwrite.capture;

/** How MySQL may tell the keys of a statement of which only ranges are certain. */
sealed interface Narrowing permits GeneratedKey, Question {}

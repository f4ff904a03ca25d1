/**
 * Throws structured and arbitrary bytes at the relay and knows what must come out. Each {@code
 * …Target} has one method that turns bytes into a case and checks it; {@code FuzzTest} runs many in
 * a short time and repeats what was once found, {@code LongFuzzTest} searches by coverage.
 */
@NullMarked
package io.crossfade.server.fuzz;

import org.jspecify.annotations.NullMarked;

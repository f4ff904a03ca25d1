/** A whole Kafka in one JVM, run as a child process by the sandbox; nothing here is a library. */
@NullMarked
package io.crossfade.kafkanode;

import org.jspecify.annotations.NullMarked;

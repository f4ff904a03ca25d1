/** Tests of the node's command line. */
@NullMarked
package io.crossfade.kafkanode;

import org.jspecify.annotations.NullMarked;

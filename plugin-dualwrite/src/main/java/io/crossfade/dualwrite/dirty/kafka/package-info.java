/**
 * The dirty store's records in a compacted topic of Kafka, for several proxies and further readers.
 */
@NullMarked
package io.crossfade.dualwrite.dirty.kafka;

import org.jspecify.annotations.NullMarked;

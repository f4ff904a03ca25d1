package io.crossfade.dualwrite.dirty.kafka;

import org.jspecify.annotations.Nullable;

/**
 * Where copies of one record are that earlier writers left in the topic: a list, mostly of one.
 * Kept small: there may be millions.
 *
 * @param writer who wrote this copy
 * @param partition where it is, also when the topic has been given more partitions since
 * @param next the next copy
 */
record Place(long writer, int partition, @Nullable Place next) {}

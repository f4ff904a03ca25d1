package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;

/**
 * A dirty range handed to a worker. Whatever the worker reads must be read after it was picked.
 *
 * @param table its table
 * @param range the range
 * @param generation the entry's generation when it was picked
 * @param removable whether nobody held the entry when it was picked
 */
public record PickedRange(TableName table, KeyRange range, long generation, boolean removable) {}

package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;

/**
 * A dirty key handed to a worker. Whatever the worker reads must be read after it was picked.
 *
 * @param table its table
 * @param key the key
 * @param generation the entry's generation when it was picked
 * @param removable whether nobody held the entry when it was picked
 */
public record Picked(TableName table, Key key, long generation, boolean removable) {}

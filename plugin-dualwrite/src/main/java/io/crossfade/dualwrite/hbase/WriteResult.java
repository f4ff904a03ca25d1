package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import java.util.Map;
import java.util.Set;

/**
 * What became of a batch of intents.
 *
 * @param applied keys that have the new state
 * @param superseded keys that had a state at least as new: nothing was changed
 * @param failed keys whose write failed, and may or may not land later
 */
public record WriteResult(Set<Key> applied, Set<Key> superseded, Map<Key, Throwable> failed) {}

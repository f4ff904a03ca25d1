package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import java.util.Map;
import java.util.Set;

/**
 * What became of a batch of intents.
 *
 * @param applied keys that have the new state
 * @param superseded keys that had a state at least as new: nothing was changed
 * @param failed keys that were not written, as far as is known; all but those with an {@link
 *     UnsentException} may be written later all the same
 */
public record WriteResult(Set<Key> applied, Set<Key> superseded, Map<Key, Throwable> failed) {
  /** How many of the failed were never sent because their version had grown too old. */
  public int stale() {
    return count(StaleVersionException.class);
  }

  /** How many of the failed may land later. */
  public int unknown() {
    return failed.size() - count(UnsentException.class);
  }

  private int count(Class<? extends Throwable> kind) {
    return (int) failed.values().stream().filter(kind::isInstance).count();
  }
}

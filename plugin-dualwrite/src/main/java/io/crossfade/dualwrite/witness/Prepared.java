package io.crossfade.dualwrite.witness;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What prepared XA transactions have changed and nobody announced: it is marked again when they are
 * committed, for a re-read before that sees the old rows. Bounded; confined to one thread.
 */
final class Prepared {
  private static final int TRANSACTIONS = 10_000;
  private static final int CHANGES = 10_000;

  private final Map<String, Set<Change>> byXid = new LinkedHashMap<>();
  private Set<Change> current = new LinkedHashSet<>();

  /** A transaction begins, which may come to be prepared. */
  void begin() {
    current = new LinkedHashSet<>();
  }

  /** It has a change that is marked. */
  void add(Change change) {
    if (current.size() < CHANGES || change.key() == null) {
      current.add(change);
    } else {
      current.add(Change.whole(change.table(), "large-transaction"));
    }
  }

  /** It is prepared. */
  void keep(String xid) {
    byXid.put(xid, current);
    if (byXid.size() > TRANSACTIONS) {
      byXid.remove(byXid.keySet().iterator().next());
    }
    begin();
  }

  /** What a transaction that is decided has to be marked for; empty when it is not known. */
  Optional<Set<Change>> take(String xid) {
    return Optional.ofNullable(byXid.remove(xid));
  }
}

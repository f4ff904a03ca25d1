package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A holder and the entries it holds. Guarded by its own monitor, which is taken before any table's
 * lock.
 */
final class Holding implements Holder {
  /** Where a holder is in its life. */
  enum Phase {
    LIVE,
    LOST,
    ENDED
  }

  /** Key of its registration on disk. */
  final byte[] registration;

  private final SessionId session;
  Phase phase = Phase.LIVE;
  boolean registered;

  /** The latest journal batch that one of its marks, or its registration, is in. */
  long batch;

  private final Map<TableEntries, List<Entry<?>>> held = new HashMap<>();
  private final Map<Claim, Integer> claims = new HashMap<>();

  /**
   * For a prepared transaction: the sessions whose XA PREPARE is not known to have been answered.
   */
  final Set<Holding> preparers = new HashSet<>();

  Holding(SessionId session, byte[] registration) {
    this.session = session;
    this.registration = registration;
  }

  @Override
  public SessionId session() {
    return session;
  }

  @Override
  public synchronized boolean holding() {
    return !held.isEmpty();
  }

  List<Entry<?>> of(TableEntries table) {
    return held.computeIfAbsent(table, t -> new ArrayList<>());
  }

  Map<TableEntries, List<Entry<?>>> held() {
    return held;
  }

  /** How often each range was marked by it and not narrowed since. */
  Map<Claim, Integer> claims() {
    return claims;
  }

  void dropEmpty(TableEntries table) {
    held.computeIfPresent(table, (t, entries) -> entries.isEmpty() ? null : entries);
  }

  /** A range of a table. */
  record Claim(TableEntries table, KeyRange range) {}
}

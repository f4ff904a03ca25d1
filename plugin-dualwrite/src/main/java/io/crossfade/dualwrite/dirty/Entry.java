package io.crossfade.dualwrite.dirty;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One dirty key or range. Guarded by its table's lock. Kept small: there may be millions.
 *
 * @param <I> Key or KeyRange
 */
final class Entry<I> {
  final I id;
  final Entries<I> owner;
  final long markedNanos;
  long generation;

  /** Marks that were not taken back: while there is one the entry must be re-read. */
  long claims;

  /** The journal batch that makes it durable. */
  long batch;

  /** Held by sessions of dead incarnations as long as any of those is undecided. */
  boolean inherited;

  boolean queued;
  boolean picked;

  /** Became eligible while it was picked. */
  boolean again;

  /** Neighbours in the order of their first marks. */
  @Nullable Entry<I> older;

  @Nullable Entry<I> newer;

  /** Null, one Holding, or a set of them. */
  private @Nullable Object holders;

  Entry(I id, Entries<I> owner, long markedNanos) {
    this.id = id;
    this.owner = owner;
    this.markedNanos = markedNanos;
  }

  /** Whether a session of this incarnation, or a prepared transaction, holds it. */
  boolean hasHolder() {
    return holders != null;
  }

  /** Whether {@code h} holds it. */
  boolean isHolder(Holding h) {
    return holders == h || (holders instanceof Set<?> set && set.contains(h));
  }

  /** False when {@code h} held it already. */
  @SuppressWarnings("unchecked")
  boolean addHolder(Holding h) {
    if (holders == null) {
      holders = h;
      return true;
    }
    if (holders instanceof Holding one) {
      if (one == h) {
        return false;
      }
      Set<Holding> set = new HashSet<>(4);
      set.add(one);
      set.add(h);
      holders = set;
      return true;
    }
    return ((Set<Holding>) holders).add(h);
  }

  @SuppressWarnings("unchecked")
  void removeHolder(Holding h) {
    if (holders == h) {
      holders = null;
    } else if (holders instanceof Set<?>) {
      Set<Holding> set = (Set<Holding>) holders;
      set.remove(h);
      if (set.isEmpty()) {
        holders = null;
      }
    }
  }
}

package io.crossfade.dualwrite.dirty;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of the entries of one table and kind. Not thread-safe: guarded by the table's
 * lock.
 *
 * <pre>
 *  mark ──► dirty ──eligible──► queued ──pick──► picked ──done──► removed
 *             ▲                    ▲                │ generation raised, eligible again, or held
 *             └────── held ────────┴────────────────┘
 * </pre>
 *
 * @param <I> Key or KeyRange
 */
final class Entries<I> {
  private final NavigableMap<I, Entry<I>> map;
  private final ArrayDeque<Entry<I>> queue = new ArrayDeque<>();
  private final BooleanSupplier inheritedHeld;
  private @Nullable Entry<I> oldest;
  private @Nullable Entry<I> newest;
  private long generations;
  private int picked;
  long marks;
  long coalesced;
  long removed;
  long kept;
  long duplicates;

  Entries(Comparator<I> order, BooleanSupplier inheritedHeld) {
    this.map = new TreeMap<>(order);
    this.inheritedHeld = inheritedHeld;
  }

  /** Marks {@code id}; its generation is new in any case. */
  Entry<I> mark(I id, long nowNanos) {
    marks++;
    Entry<I> e = map.get(id);
    if (e == null) {
      e = new Entry<>(id, this, nowNanos);
      map.put(id, e);
      append(e);
    } else {
      coalesced++;
    }
    e.generation = ++generations;
    e.claims++;
    return e;
  }

  /**
   * Takes one mark back. The entry goes when no other is left and nobody is about to re-read it.
   *
   * @return whether it was removed
   */
  boolean unmark(Entry<I> e) {
    e.claims--;
    if (e.claims == 0 && !e.inherited && !e.hasHolder() && !e.queued && !e.picked) {
      map.remove(e.id);
      unlink(e);
      removed++;
      return true;
    }
    if (!held(e)) {
      eligible(e);
    }
    return false;
  }

  /** Whoever held it, or marked it, may have committed: it must be re-read from now on. */
  void eligible(Entry<I> e) {
    if (e.picked) {
      e.again = true;
    } else if (e.queued) {
      duplicates++;
    } else {
      e.queued = true;
      queue.add(e);
    }
  }

  boolean held(Entry<I> e) {
    return e.hasHolder() || (e.inherited && inheritedHeld.getAsBoolean());
  }

  List<Entry<I>> pick(int max) {
    List<Entry<I>> out = new ArrayList<>(Math.min(max, queue.size()));
    while (out.size() < max) {
      Entry<I> e = queue.poll();
      if (e == null) {
        break;
      }
      e.queued = false;
      e.picked = true;
      e.again = false;
      picked++;
      out.add(e);
    }
    return out;
  }

  /**
   * Ends a pick after a successful re-read.
   *
   * @return whether the entry was removed
   */
  boolean done(I id, long generation, boolean removable) {
    Entry<I> e = endPick(id);
    if (e == null) {
      return false;
    }
    if (removable && e.generation == generation && !held(e)) {
      map.remove(id);
      unlink(e);
      removed++;
      return true;
    }
    kept++;
    if (e.again || !held(e)) {
      eligible(e);
    }
    return false;
  }

  /** Ends a pick without a re-read. */
  void failed(I id) {
    Entry<I> e = endPick(id);
    if (e != null) {
      eligible(e);
    }
  }

  private @Nullable Entry<I> endPick(I id) {
    Entry<I> e = map.get(id);
    if (e == null || !e.picked) {
      duplicates++;
      return null;
    }
    e.picked = false;
    picked--;
    return e;
  }

  /**
   * Makes up to {@code max} inherited entries after {@code after} eligible.
   *
   * @return where to go on, null at the end
   */
  @Nullable I inheritedEligible(@Nullable I after, int max) {
    NavigableMap<I, Entry<I>> rest = after == null ? map : map.tailMap(after, false);
    int seen = 0;
    for (Entry<I> e : rest.values()) {
      if (e.inherited) {
        eligible(e);
      }
      if (++seen == max) {
        return e.id;
      }
    }
    return null;
  }

  NavigableMap<I, Entry<I>> map() {
    return map;
  }

  int inFlight() {
    return picked;
  }

  int queued() {
    return queue.size();
  }

  long oldestNanos(long nowNanos) {
    return oldest == null ? 0 : Math.max(0, nowNanos - oldest.markedNanos);
  }

  private void append(Entry<I> e) {
    e.older = newest;
    if (newest == null) {
      oldest = e;
    } else {
      newest.newer = e;
    }
    newest = e;
  }

  private void unlink(Entry<I> e) {
    if (e.older == null) {
      oldest = e.newer;
    } else {
      e.older.newer = e.newer;
    }
    if (e.newer == null) {
      newest = e.older;
    } else {
      e.newer.older = e.older;
    }
  }
}

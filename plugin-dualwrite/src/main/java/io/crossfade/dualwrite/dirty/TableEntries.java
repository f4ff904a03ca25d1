package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.sql.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The dirty entries of one table. Thread-safe; the lock is held for short steps only. */
final class TableEntries {
  private static final int RECENT = 4096;
  private static final int STEP = 1000;
  private static final Comparator<KeyRange> RANGE_ORDER =
      Comparator.comparing(KeyRange::from, Arrays::compareUnsigned)
          .thenComparing(KeyRange::to, Arrays::compareUnsigned);

  final TableName table;
  private final Journal journal;
  private final byte[] keyPrefix;
  private final byte[] rangePrefix;
  private final ReentrantLock lock = new ReentrantLock();
  private final Entries<Key> keys;
  private final Entries<KeyRange> ranges;
  private final RecentMarks recent = new RecentMarks(RECENT);

  TableEntries(TableName table, Journal journal, BooleanSupplier inheritedHeld) {
    this.table = table;
    this.journal = journal;
    this.keyPrefix = Records.entryPrefix(Records.KEY, table);
    this.rangePrefix = Records.entryPrefix(Records.RANGE, table);
    this.keys = new Entries<>(Key::compareTo, inheritedHeld);
    this.ranges = new Entries<>(RANGE_ORDER, inheritedHeld);
  }

  /** Puts an entry found on disk into place. */
  void inherit(Key key) {
    inherit(keys.mark(key, System.nanoTime()));
  }

  /** Puts an entry found on disk into place. */
  void inherit(KeyRange range) {
    inherit(ranges.mark(range, System.nanoTime()));
  }

  private static <I> void inherit(Entry<I> e) {
    e.inherited = true;
    e.owner.eligible(e);
  }

  /**
   * Marks entries.
   *
   * @param holder null when nobody holds them: they are eligible at once
   * @param held where the holder keeps what it holds; null without holder
   * @return the journal batch that makes all of them durable
   */
  long mark(
      List<Key> markKeys,
      List<KeyRange> markRanges,
      @Nullable Holding holder,
      @Nullable List<Entry<?>> held) {
    long batch = 0;
    long now = System.nanoTime();
    lock.lock();
    try {
      for (Key k : markKeys) {
        recent.add(k);
        Entry<Key> e = keys.mark(k, now);
        if (e.batch == 0 && !e.inherited) {
          e.batch = journal.put(Records.key(keyPrefix, k), Records.NONE);
        }
        batch = Math.max(batch, e.batch);
        take(e, holder, held);
        if (holder == null) {
          tellIfReleased(e);
        }
      }
      for (KeyRange r : markRanges) {
        recent.add(r);
        Entry<KeyRange> e = ranges.mark(r, now);
        if (e.batch == 0 && !e.inherited) {
          e.batch = journal.put(Records.range(rangePrefix, r), Records.NONE);
        }
        batch = Math.max(batch, e.batch);
        take(e, holder, held);
        if (holder == null) {
          tellIfReleased(e);
        }
      }
    } finally {
      lock.unlock();
    }
    return batch;
  }

  /**
   * Takes one mark of {@code range} by {@code holder} back.
   *
   * @param last whether it was the holder's last one of this range
   * @return the entry when the holder holds it no more; null when it does, or never did
   */
  @Nullable Entry<KeyRange> unclaim(KeyRange range, Holding holder, boolean last) {
    lock.lock();
    try {
      Entry<KeyRange> e = ranges.map().get(range);
      if (e == null || !e.isHolder(holder)) {
        return null;
      }
      if (last) {
        e.removeHolder(holder);
      }
      if (ranges.unmark(e)) {
        journal.delete(Records.range(rangePrefix, range));
      }
      return last ? e : null;
    } finally {
      lock.unlock();
    }
  }

  private static <I> void take(
      Entry<I> e, @Nullable Holding holder, @Nullable List<Entry<?>> held) {
    if (holder == null || held == null) {
      e.owner.eligible(e);
    } else if (e.addHolder(holder)) {
      held.add(e);
    }
  }

  /** Makes entries eligible. */
  void eligible(List<Entry<?>> entries) {
    inSteps(entries, TableEntries::eligible);
  }

  /** Takes {@code holder} off entries and makes them eligible. */
  void release(Holding holder, List<Entry<?>> entries) {
    inSteps(
        entries,
        e -> {
          e.removeHolder(holder);
          eligible(e);
          tellIfReleased(e);
        });
  }

  /** Takes {@code holder} off entries: {@code heir} holds the ranges, the keys are eligible. */
  void handOver(Holding holder, List<Entry<?>> entries, Holding heir, List<Entry<?>> held) {
    inSteps(
        entries,
        e -> {
          if (e.id instanceof KeyRange && e.addHolder(heir)) {
            held.add(e);
          }
          e.removeHolder(holder);
          if (e.id instanceof Key) {
            eligible(e);
            tellIfReleased(e);
          }
        });
  }

  /** Others must look at the row again: whoever held it may have changed it. */
  private <I> void tellIfReleased(Entry<I> e) {
    if (journal.shared() && !e.owner.held(e)) {
      byte[] record =
          e.id instanceof Key k
              ? Records.key(keyPrefix, k)
              : Records.range(rangePrefix, (KeyRange) e.id);
      journal.tell(record, Records.RELEASED);
    }
  }

  /** Adds {@code holder} to entries that somebody else holds now. */
  void share(List<Entry<?>> entries, Holding holder, List<Entry<?>> held) {
    inSteps(
        entries,
        e -> {
          if (e.addHolder(holder)) {
            held.add(e);
          }
        });
  }

  private static <I> void eligible(Entry<I> e) {
    e.owner.eligible(e);
  }

  private void inSteps(List<Entry<?>> entries, Consumer<Entry<?>> action) {
    for (int from = 0; from < entries.size(); from += STEP) {
      lock.lock();
      try {
        entries.subList(from, Math.min(entries.size(), from + STEP)).forEach(action);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Makes all inherited entries eligible. */
  void inheritedEligible() {
    inheritedEligible(keys);
    inheritedEligible(ranges);
  }

  private <I> void inheritedEligible(Entries<I> entries) {
    @Nullable I at = null;
    do {
      lock.lock();
      try {
        at = entries.inheritedEligible(at, STEP);
      } finally {
        lock.unlock();
      }
    } while (at != null);
  }

  List<Picked> pick(int max) {
    lock.lock();
    try {
      List<Picked> out = new ArrayList<>();
      for (Entry<Key> e : keys.pick(max)) {
        out.add(new Picked(table, e.id, e.generation, !keys.held(e)));
      }
      return out;
    } finally {
      lock.unlock();
    }
  }

  List<PickedRange> pickRanges(int max) {
    lock.lock();
    try {
      List<PickedRange> out = new ArrayList<>();
      for (Entry<KeyRange> e : ranges.pick(max)) {
        out.add(new PickedRange(table, e.id, e.generation, !ranges.held(e)));
      }
      return out;
    } finally {
      lock.unlock();
    }
  }

  /** Whether something is eligible afterwards. */
  boolean done(Picked p) {
    lock.lock();
    try {
      if (keys.done(p.key(), p.generation(), p.removable())) {
        journal.delete(Records.key(keyPrefix, p.key()));
      }
      return keys.queued() > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether something is eligible afterwards. */
  boolean done(PickedRange p) {
    lock.lock();
    try {
      if (ranges.done(p.range(), p.generation(), p.removable())) {
        journal.delete(Records.range(rangePrefix, p.range()));
      }
      return ranges.queued() > 0;
    } finally {
      lock.unlock();
    }
  }

  void failed(Key key) {
    lock.lock();
    try {
      keys.failed(key);
    } finally {
      lock.unlock();
    }
  }

  void failed(KeyRange range) {
    lock.lock();
    try {
      ranges.failed(range);
    } finally {
      lock.unlock();
    }
  }

  Optional<MirrorState.Ticket> clean(List<KeyRange> asked) {
    lock.lock();
    try {
      for (KeyRange r : asked) {
        Key first = keys.map().ceilingKey(new Key(r.from()));
        if (first != null && r.contains(first)) {
          return Optional.empty();
        }
        for (KeyRange dirty : ranges.map().keySet()) {
          if (r.to().length > 0 && Arrays.compareUnsigned(dirty.from(), r.to()) >= 0) {
            break;
          }
          if (dirty.overlaps(r)) {
            return Optional.empty();
          }
        }
      }
      return Optional.of(new Ticket(this, recent.epoch(), List.copyOf(asked)));
    } finally {
      lock.unlock();
    }
  }

  boolean stillClean(Ticket t) {
    lock.lock();
    try {
      return recent.noneSince(t.epoch, t.ranges);
    } finally {
      lock.unlock();
    }
  }

  boolean isDirty(Key key) {
    return clean(List.of(KeyRange.of(key))).isEmpty();
  }

  List<KeyRange> ranges() {
    lock.lock();
    try {
      return List.copyOf(ranges.map().keySet());
    } finally {
      lock.unlock();
    }
  }

  Stats stats() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return new Stats(
          keys.map().size(),
          ranges.map().size(),
          keys.inFlight() + ranges.inFlight(),
          keys.queued() + ranges.queued(),
          Math.max(keys.oldestNanos(now), ranges.oldestNanos(now)) / 1_000_000,
          keys.marks + ranges.marks,
          keys.coalesced + ranges.coalesced,
          keys.removed + ranges.removed,
          keys.kept + ranges.kept,
          keys.duplicates + ranges.duplicates);
    } finally {
      lock.unlock();
    }
  }

  /** What {@link #clean} saw. */
  record Ticket(TableEntries entries, long epoch, List<KeyRange> ranges)
      implements MirrorState.Ticket {}
}

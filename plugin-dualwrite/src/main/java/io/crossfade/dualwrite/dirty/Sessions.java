package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Who holds marks: the sessions of this incarnation, lost ones, prepared transactions, and whatever
 * dead incarnations left behind. Thread-safe.
 */
final class Sessions {
  private static final byte[] NOT_REGISTERED = {};

  private final long incarnation;
  private final Journal journal;
  private final Consumer<TableName> eligible;
  private final AtomicLong serials = new AtomicLong();
  private final Set<Holding> lost = ConcurrentHashMap.newKeySet();
  private final Map<Xid, Holding> xids = new ConcurrentHashMap<>();
  private final Map<RecordKey, SessionId> deadSessions = new ConcurrentHashMap<>();
  private final Set<Xid> deadXids = ConcurrentHashMap.newKeySet();
  private final ExecutorService sweeper =
      Executors.newFixedThreadPool(
          1,
          r -> {
            Thread t = new Thread(r, "crossfade-dirty-sweeper");
            t.setDaemon(true);
            return t;
          });

  /** Whether entries of dead incarnations must stay. */
  private volatile boolean inheritedHeld;

  Sessions(long incarnation, Journal journal, Consumer<TableName> eligible) {
    this.incarnation = incarnation;
    this.journal = journal;
    this.eligible = eligible;
  }

  void inherit(Map<RecordKey, SessionId> sessions, Collection<Xid> prepared) {
    deadSessions.putAll(sessions);
    deadXids.addAll(prepared);
    inheritedHeld = !deadSessions.isEmpty() || !deadXids.isEmpty();
  }

  boolean inheritedHeld() {
    return inheritedHeld;
  }

  Holder open(SessionId id, Collection<TableEntries> tables) {
    if (isUndecided(id)) {
      // No two sessions that are alive have the same id. On another thread: the caller must not
      // wait.
      Set<Holding> earlier = lostAs(id);
      Set<RecordKey> dead = deadAs(id);
      sweeper.execute(() -> ended(earlier, dead, tables));
    }
    return new Holding(id, Records.session(incarnation, serials.incrementAndGet()));
  }

  long mark(Holding h, TableEntries table, List<Key> keys, List<KeyRange> ranges) {
    synchronized (h) {
      if (!h.registered) {
        h.registered = true;
        h.batch = journal.put(h.registration, Records.sessionValue(h.session()));
      }
      if (keys.isEmpty() && ranges.isEmpty()) {
        return h.batch;
      }
      long batch = table.mark(keys, ranges, h, h.of(table));
      ranges.forEach(r -> h.claims().merge(new Holding.Claim(table, r), 1, Integer::sum));
      h.batch = Math.max(h.batch, batch);
      return Math.max(batch, h.batch);
    }
  }

  /** Marks {@code keys}, and gives up one claim on each of {@code ranges}. */
  long narrow(Holding h, TableEntries table, List<KeyRange> ranges, List<Key> keys) {
    synchronized (h) {
      long batch = mark(h, table, keys, List.of());
      ranges.forEach(r -> unclaim(h, new Holding.Claim(table, r)));
      h.dropEmpty(table);
      return batch;
    }
  }

  private static void unclaim(Holding h, Holding.Claim claim) {
    Integer left = h.claims().computeIfPresent(claim, (c, n) -> n == 1 ? null : n - 1);
    Entry<?> given = claim.table().unclaim(claim.range(), h, left == null);
    if (given != null) {
      List<Entry<?>> held = h.of(claim.table());
      held.remove(held.lastIndexOf(given));
    }
  }

  /** Releases what {@code h} holds but its ranges, which go to a holder of their own. */
  Optional<Holder> entrust(Holding h) {
    Holding entrusted = new Holding(h.session(), NOT_REGISTERED);
    synchronized (h) {
      entrusted.claims().putAll(h.claims());
      h.held().forEach((t, entries) -> t.handOver(h, entries, entrusted, entrusted.of(t)));
      List.copyOf(h.held().keySet()).forEach(entrusted::dropEmpty);
      forgetHeld(h);
    }
    answered(h);
    return entrusted.holding() ? Optional.of(entrusted) : Optional.empty();
  }

  /** Exchanges entrusted ranges for keys, where those are known. */
  void settle(Holding entrusted, Map<TableName, List<Key>> keys) {
    synchronized (entrusted) {
      for (TableEntries table : List.copyOf(entrusted.held().keySet())) {
        List<Key> known = keys.get(table.table);
        if (known != null) {
          table.mark(known, List.of(), null, null);
          for (Holding.Claim claim : List.copyOf(entrusted.claims().keySet())) {
            while (claim.table() == table && entrusted.claims().containsKey(claim)) {
              unclaim(entrusted, claim);
            }
          }
          entrusted.dropEmpty(table);
          eligible.accept(table.table);
        }
      }
      letGo(entrusted);
    }
  }

  long batch(Holding h) {
    synchronized (h) {
      return h.batch;
    }
  }

  void touched(Holding h) {
    synchronized (h) {
      h.held().forEach(TableEntries::eligible);
      h.held().keySet().forEach(t -> eligible.accept(t.table));
    }
  }

  void release(Holding h) {
    synchronized (h) {
      letGo(h);
    }
    answered(h);
  }

  private void letGo(Holding h) {
    h.held().forEach((t, entries) -> t.release(h, entries));
    forgetHeld(h);
  }

  private void forgetHeld(Holding h) {
    List<TableEntries> of = List.copyOf(h.held().keySet());
    h.held().clear();
    h.claims().clear();
    of.forEach(t -> eligible.accept(t.table));
  }

  private void answered(Holding preparer) {
    for (Holding xid : xids.values()) {
      synchronized (xid) {
        xid.preparers.remove(preparer);
      }
    }
  }

  /** The connection is gone, with or without marks. */
  void lost(Holding h) {
    synchronized (h) {
      if (h.phase != Holding.Phase.LIVE) {
        return;
      }
      if (h.held().isEmpty()) {
        h.phase = Holding.Phase.ENDED;
        forget(h);
        return;
      }
      h.phase = Holding.Phase.LOST;
      lost.add(h);
    }
    touched(h);
  }

  private void forget(Holding h) {
    if (h.registered) {
      journal.delete(h.registration);
    }
  }

  long preparing(Holding h, Xid xid) {
    synchronized (h) {
      while (true) {
        Holding x =
            xids.computeIfAbsent(
                xid, id -> new Holding(h.session(), Records.named(Records.XA, id.text())));
        synchronized (x) {
          if (x.phase == Holding.Phase.LIVE) {
            x.preparers.add(h);
            h.held().forEach((t, entries) -> t.share(entries, x, x.of(t)));
            h.batch = Math.max(h.batch, journal.put(x.registration, Records.NONE));
            return h.batch;
          }
        }
      }
    }
  }

  Set<SessionId> undecided() {
    Set<SessionId> all = new HashSet<>(deadSessions.values());
    lost.forEach(h -> all.add(h.session()));
    return all;
  }

  private boolean isUndecided(SessionId id) {
    return deadSessions.containsValue(id) || lost.stream().anyMatch(h -> h.session().equals(id));
  }

  private Set<Holding> lostAs(SessionId id) {
    Set<Holding> found = new HashSet<>(lost);
    found.removeIf(h -> !h.session().equals(id));
    return found;
  }

  private Set<RecordKey> deadAs(SessionId id) {
    Set<RecordKey> found = new HashSet<>();
    deadSessions.forEach(
        (record, session) -> {
          if (session.equals(id)) {
            found.add(record);
          }
        });
    return found;
  }

  void ended(SessionId id, Collection<TableEntries> tables) {
    ended(lostAs(id), deadAs(id), tables);
  }

  private void ended(Set<Holding> earlier, Set<RecordKey> dead, Collection<TableEntries> tables) {
    for (Holding h : earlier) {
      synchronized (h) {
        h.phase = Holding.Phase.ENDED;
        letGo(h);
        forget(h);
      }
      answered(h);
      lost.remove(h);
    }
    for (RecordKey record : dead) {
      journal.delete(record.bytes());
      deadSessions.remove(record);
    }
    if (!dead.isEmpty()) {
      decided(tables);
    }
  }

  Set<Xid> prepared() {
    Set<Xid> all = new HashSet<>();
    xids.forEach(
        (xid, x) -> {
          synchronized (x) {
            if (x.preparers.isEmpty()) {
              all.add(xid);
            }
          }
        });
    if (deadSessions.isEmpty()) {
      all.addAll(deadXids);
    }
    return all;
  }

  void ended(Xid xid, Collection<TableEntries> tables) {
    boolean dead = deadSessions.isEmpty() && deadXids.remove(xid);
    Holding x = xids.get(xid);
    if (x != null) {
      synchronized (x) {
        if (x.preparers.isEmpty() && x.phase == Holding.Phase.LIVE) {
          x.phase = Holding.Phase.ENDED;
          xids.remove(xid);
          letGo(x);
          journal.delete(x.registration);
        }
      }
    } else if (dead) {
      journal.delete(Records.named(Records.XA, xid.text()));
    }
    if (dead) {
      decided(tables);
    }
  }

  private synchronized void decided(Collection<TableEntries> tables) {
    if (inheritedHeld && deadSessions.isEmpty() && deadXids.isEmpty()) {
      inheritedHeld = false;
      inheritedEligible(tables);
    }
  }

  void retryUndecided(Collection<TableEntries> tables) {
    lost.forEach(this::touched);
    if (inheritedHeld) {
      inheritedEligible(tables);
    }
  }

  private void inheritedEligible(Collection<TableEntries> tables) {
    for (TableEntries t : new ArrayList<>(tables)) {
      t.inheritedEligible();
      eligible.accept(t.table);
    }
  }

  void close() {
    sweeper.shutdown();
  }
}

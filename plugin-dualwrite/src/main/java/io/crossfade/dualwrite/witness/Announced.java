package io.crossfade.dualwrite.witness;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.capture.Announcements;
import io.crossfade.dualwrite.dirty.SessionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What this proxy's sessions announced and the witness has not passed yet: for each session one
 * {@link MarkSet} a transaction, in order. Thread-safe; bounded.
 *
 * <p>A session's transactions stand in the binlog in the order they were made in, and each changes
 * only what its own set covers. So the first set that covers a transaction is never later than its
 * own: those before it belong to transactions that changed nothing and can go. A set also goes when
 * the witness has passed everything that was in the binlog after its transaction had ended.
 *
 * <p>While a set is here every key that the binlog shows of its session is collected: when the set
 * goes, the transaction's own keys are among them, and the ranges that wait for them are told. That
 * holds only for what was read on one connection, from before the set began until it went: whatever
 * interrupts that is told by {@link #unread}, and the ranges stay.
 */
final class Announced implements Announcements {
  private static final long CONNECTION_ID_BITS = 0xFFFF_FFFFL;
  private static final long OPEN = Long.MAX_VALUE;
  private static final String NOT_READING = "not-reading";

  /** For so long no keys are promised after they came too late once. */
  private static final long LATE_PAUSE_NANOS = 10_000_000_000L;

  /**
   * For so long a definition that is in the binlog may not be seen elsewhere: it is logged before
   * it is committed, and a replica's acknowledgement may be waited for in between.
   */
  private static final long DDL_PAUSE_NANOS = 30_000_000_000L;

  private final int limit;
  private final Collection<TableName> tables;
  private final Runnable overflowed;
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Map<SessionId, Session> sessions = new ConcurrentHashMap<>();
  private volatile boolean reading;
  private volatile long pausedUntilNanos = System.nanoTime();

  /**
   * @param limit keys and ranges kept in all
   * @param tables those whose rows are read
   * @param overflowed told of each announcement for which there was no room
   */
  Announced(int limit, Collection<TableName> tables, Runnable overflowed) {
    this.limit = limit;
    this.tables = List.copyOf(tables);
    this.overflowed = overflowed;
  }

  /**
   * A transaction's set, when (nano time) the transaction ended, what was seen of its session since
   * the set began, and who waits for that.
   */
  private static final class Kept {
    final MarkSet marks = new MarkSet();
    final SeenKeys seen = new SeenKeys();
    long ended = OPEN;
    @Nullable Unnamed unnamed;
  }

  /** Guarded by the map: changed within its compute methods only. */
  private static final class Session {
    final Deque<Kept> sets = new ArrayDeque<>();

    /** Those of ended transactions whose ranges wait; no longer of {@code sets} perhaps. */
    final List<Kept> waiting = new ArrayList<>();

    boolean closed;

    @Nullable Session ifNeeded() {
      return closed && sets.isEmpty() && waiting.isEmpty() ? null : this;
    }

    /** Those that want to know what the binlog shows of the session. */
    List<Kept> watching() {
      List<Kept> watching = new ArrayList<>(waiting);
      Kept last = sets.peekLast();
      if (last != null && last.ended == OPEN) {
        watching.add(last);
      }
      return watching;
    }
  }

  /** What is to be told outside of the map's locks. */
  private final class Partings {
    private final List<Runnable> words = new ArrayList<>();

    /** The keys asked for by those who wait and whose transactions ended before then are known. */
    void part(Session s, long nanos) {
      for (Kept kept : List.copyOf(s.waiting)) {
        Unnamed unnamed = kept.unnamed;
        if (unnamed != null && kept.ended < nanos) {
          s.waiting.remove(kept);
          waiting.decrementAndGet();
          size.addAndGet(-kept.seen.size());
          Map<TableName, List<Key>> keys = kept.seen.certain(tables);
          String why = kept.seen.why();
          words.add(() -> unnamed.named(keys, why));
        }
      }
    }

    /** What is seen of the session is not complete: nobody waits for it any more. */
    void unread(Session s, String why) {
      s.watching().forEach(kept -> size.addAndGet(kept.seen.unknown(why)));
      part(s, OPEN);
    }

    void tell() {
      words.forEach(Runnable::run);
    }
  }

  private static SessionId id(SessionId session) {
    return new SessionId(session.serverUuid(), session.connectionId() & CONNECTION_ID_BITS);
  }

  private void change(SessionId session, BiFunction<Session, Partings, @Nullable Session> action) {
    Partings partings = new Partings();
    sessions.computeIfPresent(session, (id, s) -> action.apply(s, partings));
    partings.tell();
  }

  @Override
  public void opened(SessionId session) {
    // A session of that id before this one has ended: its marks prove nothing of this one.
    change(
        id(session),
        (before, partings) -> {
          partings.unread(before, "session-ended");
          while (!before.sets.isEmpty()) {
            drop(before);
          }
          return null;
        });
    sessions.put(id(session), new Session());
  }

  @Override
  public void marked(SessionId session, TableName table, List<Key> keys, List<KeyRange> ranges) {
    change(
        id(session),
        (s, partings) -> {
          Kept last = s.sets.peekLast();
          if (last == null || last.ended != OPEN) {
            last = new Kept();
            s.sets.addLast(last);
          }
          if (size.get() >= limit) {
            last.marks.overflow();
            overflowed.run();
          } else {
            size.addAndGet(last.marks.add(table, keys, ranges));
          }
          return s;
        });
  }

  @Override
  public boolean willName(SessionId session) {
    return reading && !paused() && size.get() < limit;
  }

  private boolean paused() {
    return System.nanoTime() - pausedUntilNanos < 0;
  }

  private void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    if (until - pausedUntilNanos > 0) {
      pausedUntilNanos = until;
    }
  }

  @Override
  public void released(SessionId session, @Nullable Unnamed ranges) {
    boolean[] waits = {false};
    change(
        id(session),
        (s, partings) -> {
          Kept last = s.sets.peekLast();
          if (last != null && last.ended == OPEN) {
            last.ended = System.nanoTime();
            if (ranges != null) {
              waits[0] = true;
              waiting.incrementAndGet();
              last.unnamed = ranges;
              s.waiting.add(last);
              if (!reading) {
                partings.unread(s, NOT_READING);
              }
            }
          }
          return s;
        });
    if (ranges != null && !waits[0]) {
      ranges.named(Map.of(), "not-announced");
    }
  }

  private static void end(Session s, long nanos) {
    Kept last = s.sets.peekLast();
    if (last != null && last.ended == OPEN) {
      last.ended = nanos;
    }
  }

  @Override
  public void closed(SessionId session) {
    change(
        id(session),
        (s, partings) -> {
          s.closed = true;
          return s.ifNeeded();
        });
  }

  /** Whether it is one of this proxy's sessions, or was until lately. */
  boolean knows(SessionId session) {
    return sessions.containsKey(session);
  }

  /** The sets of a session's transactions that may still be met, in their order. */
  List<MarkSet> of(SessionId session) {
    List<MarkSet> sets = new ArrayList<>();
    change(
        session,
        (s, partings) -> {
          s.sets.forEach(kept -> sets.add(kept.marks));
          return s;
        });
    return sets;
  }

  /** A transaction of the session was read, with all its changes. */
  void seen(SessionId session, Collection<Change> changes) {
    change(
        session,
        (s, partings) -> {
          if (size.get() >= limit) {
            partings.unread(s, "no-room");
          } else if (paused()) {
            partings.unread(s, "ddl");
          }
          for (Kept kept : s.watching()) {
            changes.forEach(change -> size.addAndGet(kept.seen.add(change)));
          }
          return s;
        });
  }

  /** A transaction of the session was met that {@code marks} covers: the sets before it go. */
  void met(SessionId session, MarkSet marks) {
    change(
        session,
        (s, partings) -> {
          if (s.sets.stream().anyMatch(kept -> kept.marks == marks)) {
            while (s.sets.getFirst().marks != marks) {
              drop(s);
            }
          }
          return s;
        });
  }

  private void drop(Session s) {
    Kept kept = s.sets.removeFirst();
    size.addAndGet(-kept.marks.size());
    if (kept.unnamed == null) {
      size.addAndGet(-kept.seen.size()); // seen while its transaction was open
    }
  }

  /**
   * MySQL's connections at {@code nanos}: a closed session that is not among them has ended its
   * last transaction.
   */
  void alive(String serverUuid, Set<Long> connections, long nanos) {
    for (SessionId session : sessions.keySet()) {
      if (!session.serverUuid().equals(serverUuid)
          || !connections.contains(session.connectionId())) {
        change(
            session,
            (s, partings) -> {
              if (s.closed) {
                end(s, nanos);
              }
              return s;
            });
      }
    }
  }

  /** The witness has passed whatever was committed before {@code nanos}. */
  void passed(long nanos) {
    for (SessionId session : sessions.keySet()) {
      change(
          session,
          (s, partings) -> {
            while (!s.sets.isEmpty() && s.sets.getFirst().ended < nanos) {
              drop(s);
            }
            partings.part(s, nanos);
            return s.ifNeeded();
          });
    }
  }

  /** Whether somebody waits for keys. */
  boolean awaited() {
    return waiting.get() > 0;
  }

  /** Everything that comes will be read; of what came before something may be missing. */
  void reading() {
    unread(NOT_READING);
    reading = true;
  }

  /** The binlog is read no longer. */
  void notReading() {
    reading = false;
    unread(NOT_READING);
  }

  /** Tables were defined anew: for a while what the binlog shows may be misunderstood. */
  void defined() {
    pause(DDL_PAUSE_NANOS);
    unread("ddl");
  }

  /** Something of the binlog was not read, or not understood: it may have been anybody's. */
  void unread(String why) {
    for (SessionId session : sessions.keySet()) {
      change(
          session,
          (s, partings) -> {
            partings.unread(s, why);
            return s.ifNeeded();
          });
    }
  }

  /** Who has waited since before {@code nanos} has waited long enough. */
  void late(long nanos) {
    if (!awaited()) {
      return;
    }
    for (SessionId session : sessions.keySet()) {
      change(
          session,
          (s, partings) -> {
            if (s.waiting.stream().anyMatch(kept -> kept.ended < nanos)) {
              pause(LATE_PAUSE_NANOS);
              partings.unread(s, "late");
            }
            return s.ifNeeded();
          });
    }
  }

  /** Keys and ranges kept now. */
  int size() {
    return size.get();
  }
}

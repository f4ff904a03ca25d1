package io.crossfade.dualwrite.mirror;

import io.crossfade.api.mapping.Key;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import io.crossfade.dualwrite.hbase.WriteResult;
import io.crossfade.dualwrite.mirror.Failure.Scope;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Re-reads batches of dirty keys and settles each key: done, back to the dirty store, or set aside.
 * A failure of a side gives the whole batch back; any other is narrowed, by halves if need be, to
 * the keys it belongs to. Thread-safe; blocks.
 */
final class Rereads {
  /** The way from MySQL to HBase. */
  interface Way {
    /** As {@link Lane#reread}. */
    WriteResult reread(List<Key> keys) throws SQLException, IOException, InterruptedException;

    /** As {@link Lane#look}. */
    void look() throws Exception;
  }

  private final Way way;
  private final DirtyStore store;
  private final SetAside aside;
  private final Health health;
  private final Notice notice;
  private final Pace pace;
  private final Brake brake;
  private final AtomicBoolean retrying = new AtomicBoolean();

  Rereads(
      Way way,
      DirtyStore store,
      SetAside aside,
      Health health,
      Notice notice,
      Pace pace,
      Brake brake) {
    this.way = way;
    this.store = store;
    this.aside = aside;
    this.health = health;
    this.notice = notice;
    this.pace = pace;
    this.brake = brake;
  }

  /** Re-reads and settles all of {@code picked}. */
  void reread(List<Picked> picked) throws InterruptedException {
    Set<Picked> open = new LinkedHashSet<>(picked);
    try {
      work(picked, open);
    } finally {
      back(List.copyOf(open), open);
    }
  }

  /**
   * Tries keys again that were set aside and whose pause is over; at most one caller at a time, so
   * that they never take all workers.
   *
   * @return whether there were any
   */
  boolean retryDue(int max) throws InterruptedException {
    if (!retrying.compareAndSet(false, true)) {
      return false;
    }
    try {
      List<Picked> due = aside.due(max);
      if (!due.isEmpty()) {
        reread(due);
      }
      return !due.isEmpty();
    } finally {
      retrying.set(false);
    }
  }

  private void work(List<Picked> batch, Set<Picked> open) throws InterruptedException {
    long from = System.nanoTime();
    WriteResult result;
    try {
      result = way.reread(batch.stream().map(Picked::key).toList());
    } catch (SQLException | IOException | RuntimeException e) {
      whole(batch, e, open);
      return;
    }
    if (result.failed().isEmpty()) {
      if (pace.worked(batch.size(), System.nanoTime() - from)) {
        brake.signal(
            Brake.Reason.SLOW_BATCHES, "batches take several times as long as they usually do");
      }
      batch.forEach(p -> done(p, open));
      return;
    }
    boolean some = result.applied().size() + result.superseded().size() > 0;
    List<Picked> doubtful = new ArrayList<>();
    List<Picked> refused = new ArrayList<>();
    for (Picked p : batch) {
      @Nullable Throwable cause = result.failed().get(p.key());
      if (cause == null) {
        done(p, open);
        continue;
      }
      Failure failure = failed(1, cause);
      switch (failure.scope()) {
        case NOTHING -> back(List.of(p), open);
        case KEY -> {
          if (failure.reachesNeighbours()) {
            refused.add(p);
          } else {
            setAside(p, failure, !failure.passes(), cause, open);
          }
        }
        case SIDE, UNSURE -> doubtful.add(p);
      }
    }
    if (refused.size() > 1) {
      split(refused, open);
    } else if (!refused.isEmpty()) {
      Throwable cause = cause(refused.get(0), result);
      setAside(refused.get(0), Failure.of(cause), true, cause, open);
    }
    if (!doubtful.isEmpty()) {
      doubtful(doubtful, result, some, open);
    }
  }

  /** Keys that failed each by itself, for reasons that may be everybody's. */
  private void doubtful(
      List<Picked> keys, WriteResult result, boolean othersWorked, Set<Picked> open)
      throws InterruptedException {
    Throwable first = cause(keys.get(0), result);
    if (!othersWorked || Failure.of(first).scope() == Scope.SIDE) {
      Throwable side = Failure.of(first).scope() == Scope.SIDE ? first : trouble();
      if (side != null) {
        sideFailed(keys, side, open);
        return;
      }
      if (first instanceof RuntimeException && keys.size() > 1) {
        split(keys, open);
        return;
      }
    }
    for (Picked p : keys) {
      Throwable cause = cause(p, result);
      boolean alone = cause instanceof RuntimeException;
      setAside(p, Failure.of(cause), alone, cause, open);
    }
  }

  private static Throwable cause(Picked p, WriteResult result) {
    Throwable cause = result.failed().get(p.key());
    return cause == null ? new IllegalStateException("no failure") : cause;
  }

  /** A batch failed as a whole, nothing of it was written. */
  private void whole(List<Picked> batch, Exception e, Set<Picked> open)
      throws InterruptedException {
    Failure failure = failed(batch.size(), e);
    switch (failure.scope()) {
      case NOTHING -> back(batch, open);
      case SIDE -> sideFailed(batch, e, open);
      case KEY, UNSURE -> {
        @Nullable Exception side = trouble();
        if (side != null) {
          sideFailed(batch, side, open);
        } else if (batch.size() > 1) {
          split(batch, open);
        } else {
          setAside(batch.get(0), failure, true, e, open);
        }
      }
    }
  }

  private Failure failed(int keys, Throwable cause) {
    Failure failure = Failure.of(cause);
    notice.abnormal(
        "retries", failure.reason(), keys, "re-reads failed and are tried again: " + cause);
    if (failure.overload()) {
      pace.failed();
      brake.signal(Brake.Reason.HBASE_OVERLOADED, "HBase answers: " + failure.reason());
    }
    return failure;
  }

  private void split(List<Picked> batch, Set<Picked> open) throws InterruptedException {
    notice.abnormal(
        "splits", 1, "a batch fails as a whole and is halved to find the keys at fault");
    work(batch.subList(0, batch.size() / 2), open);
    work(batch.subList(batch.size() / 2, batch.size()), open);
  }

  /** What is wrong with a side, if anything is: a failure that may be a key's own is no proof. */
  private @Nullable Exception trouble() throws InterruptedException {
    try {
      way.look();
      return null;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return e;
    }
  }

  private void sideFailed(List<Picked> batch, Throwable cause, Set<Picked> open) {
    pace.failed();
    health.failed(cause);
    back(batch, open);
  }

  private void setAside(
      Picked p, Failure failure, boolean alone, Throwable cause, Set<Picked> open) {
    if (!aside.contains(p.key())) {
      notice.abnormal(
          "set-asides",
          failure.reason(),
          1,
          "a key is set aside, stays dirty and is tried again later: " + cause.getClass());
    }
    open.remove(p);
    aside.add(p, failure.reason(), alone);
  }

  private void done(Picked p, Set<Picked> open) {
    open.remove(p);
    aside.settled(p);
    store.done(p);
  }

  private void back(Collection<Picked> keys, Set<Picked> open) {
    for (Picked p : keys) {
      open.remove(p);
      if (aside.contains(p.key())) {
        aside.postpone(p);
      } else {
        store.failed(p);
      }
    }
  }
}

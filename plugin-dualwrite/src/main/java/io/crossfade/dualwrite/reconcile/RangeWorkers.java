package io.crossfade.dualwrite.reconcile;

import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.PickedRange;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.reconcile.Job.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that reconcile the dirty ranges of one table.
 *
 * <p>A comparison that finds a key on neither side writes nothing, so an older write that lands
 * afterwards would stay. A range is therefore cleared only by a pass that began when every earlier
 * write of this process had ended, and none abandoned, or left by a dead incarnation, could still
 * land. Else the pass rewrites what it finds, and another one after the write lifetime clears it.
 */
public final class RangeWorkers {
  private static final long IDLE_MILLIS = 500;
  private static final long SPACING_MILLIS = 20;
  private static final Duration EARLIER_LIMIT = Duration.ofMinutes(1);

  private final Lane lane;
  private final DirtyStore store;
  private final Reconciler reconciler;
  private final Semaphore wake = new Semaphore(0);
  private final DelayQueue<Again> again = new DelayQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  public RangeWorkers(Lane lane, DirtyStore store, Reconciler reconciler) {
    this.lane = lane;
    this.store = store;
    this.reconciler = reconciler;
  }

  private record Again(PickedRange picked, long atNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  /** Starts {@code count} threads. */
  public synchronized void start(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::run, "ranges-" + lane.table() + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Something became eligible. Never blocks. */
  public void wake() {
    if (wake.availablePermits() < 2) {
      wake.release();
    }
  }

  private void run() {
    try {
      while (!stopping && lane.health().awaitReady()) {
        @Nullable PickedRange picked = next();
        if (picked == null) {
          wake.tryAcquire(IDLE_MILLIS, TimeUnit.MILLISECONDS);
          // Every marked key wakes too, and ranges are few.
          TimeUnit.MILLISECONDS.sleep(SPACING_MILLIS);
        } else {
          reconcile(picked);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable PickedRange next() {
    @Nullable Again due = again.poll();
    if (due != null) {
      return due.picked();
    }
    List<PickedRange> picked = store.pickRanges(lane.table(), 1);
    return picked.isEmpty() ? null : picked.get(0);
  }

  private void reconcile(PickedRange picked) throws InterruptedException {
    boolean settled = false;
    Job job = new Job(Mode.REWRITE, List.of(picked.range()), 0);
    try {
      boolean clearing =
          lane.writes().awaitEarlier(EARLIER_LIMIT) && lane.writes().untilSettled().isNegative();
      reconciler.run(job, () -> {});
      lane.notice().count("ranges", 1);
      if (job.state() == State.DONE) {
        settled = true;
        if (clearing) {
          store.done(picked);
        } else {
          later(picked);
        }
      }
    } finally {
      if (!settled) {
        store.failed(picked);
      }
    }
  }

  private void later(PickedRange picked) {
    lane.notice()
        .abnormal(
            "range-second-pass", 1, "a range waits for a second pass: old writes may still land");
    long wait = Math.max(0, lane.writes().untilSettled().toNanos()) + 1_000_000;
    again.add(new Again(picked, System.nanoTime() + wait));
  }

  /** Ends the threads after the chunks at hand; what is not cleared stays dirty. */
  public void stop(Duration limit) throws InterruptedException {
    List<Thread> all;
    synchronized (this) {
      stopping = true;
      all = List.copyOf(threads);
    }
    wake.release(all.size());
    long deadline = System.nanoTime() + limit.toNanos();
    for (Thread thread : all) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      if (thread.isAlive()) {
        thread.interrupt();
      }
    }
  }
}

package io.crossfade.dualwrite.mirror;

import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The threads that re-read the dirty keys of one table; how many of them work adapts to how it
 * goes. Nothing is ever given up: what fails goes back to the dirty store or is set aside, and is
 * tried again.
 */
public final class KeyWorkers {
  private static final long IDLE_MILLIS = 500;
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Lane lane;
  private final IntSupplier batch;
  private final SetAside aside = new SetAside();
  private final Pace pace = new Pace();
  private final Backlog backlog;
  private final Rereads rereads;
  private final Semaphore wake = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();
  private volatile int wanted;
  private volatile boolean stopping;

  /**
   * @param batch keys re-read by one statement, asked for each
   */
  public KeyWorkers(Lane lane, DirtyStore store, IntSupplier batch) {
    this.lane = lane;
    this.backlog = new Backlog(store, lane.table(), lane.mapping()::listOf);
    this.rereads =
        new Rereads(lane, store, aside, lane.health(), lane.notice(), pace, lane.brake());
    this.batch = batch;
  }

  /** Makes it {@code count} threads; surplus ones end when they are done with their batch. */
  public synchronized void resize(int count) {
    wanted = count;
    pace.most(count);
    threads.removeIf(thread -> !thread.isAlive());
    for (int i = threads.size(); i < count && !stopping; i++) {
      int number = i;
      Thread thread = new Thread(() -> run(number), "mirror-" + lane.table() + "-" + i);
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

  private void run(int number) {
    boolean retryFirst = false;
    try {
      while (!stopping && number < wanted && lane.health().awaitReady()) {
        double factor = lane.brake().factor(Brake.Work.MIRROR);
        if (!pace.await(number, factor, IDLE_MILLIS)) {
          continue;
        }
        long from = System.nanoTime();
        // Keys set aside have every other turn at most, of one worker.
        boolean worked = retryFirst ? retry() || next() : next() || retry();
        retryFirst = !retryFirst;
        if (worked) {
          slowDown(System.nanoTime() - from, pace.limit() * factor);
        } else {
          wake.tryAcquire(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean next() throws InterruptedException {
    List<Picked> picked = backlog.take(batch.getAsInt());
    if (picked.isEmpty()) {
      return false;
    }
    try {
      rereads.reread(picked);
    } finally {
      backlog.worked(picked);
    }
    return true;
  }

  private boolean retry() throws InterruptedException {
    return rereads.retryDue(batch.getAsInt());
  }

  /** Less than one worker's work is one worker that pauses; never for long. */
  private static void slowDown(long took, double share) throws InterruptedException {
    if (share < 1) {
      TimeUnit.NANOSECONDS.sleep(Math.min(LONGEST_PAUSE_NANOS, (long) (took * (1 / share - 1))));
    }
  }

  /** Keys that failed while others did not. */
  public SetAside setAside() {
    return aside;
  }

  /** How many work at once. */
  public Pace pace() {
    return pace;
  }

  /** Lets the threads finish their batches, at most for {@code limit}. */
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

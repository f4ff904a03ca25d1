package io.crossfade.dualwrite.mirror;

import io.crossfade.api.mapping.Key;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import io.crossfade.dualwrite.hbase.WriteResult;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The threads that re-read the dirty keys of one table. Nothing is ever given up: what fails goes
 * back to the dirty store and is picked again.
 */
public final class KeyWorkers {
  private static final long IDLE_MILLIS = 500;

  private final Lane lane;
  private final DirtyStore store;
  private final IntSupplier batch;
  private final Semaphore wake = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();
  private volatile int wanted;
  private volatile boolean stopping;

  /**
   * @param batch keys re-read by one statement, asked for each
   */
  public KeyWorkers(Lane lane, DirtyStore store, IntSupplier batch) {
    this.lane = lane;
    this.store = store;
    this.batch = batch;
  }

  /** Makes it {@code count} threads; surplus ones end when they are done with their batch. */
  public synchronized void resize(int count) {
    wanted = count;
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
    try {
      while (!stopping && number < wanted && lane.health().awaitReady()) {
        List<Picked> picked = store.pick(lane.table(), batch.getAsInt());
        if (picked.isEmpty()) {
          wake.tryAcquire(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
          reread(picked);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reread(List<Picked> picked) throws InterruptedException {
    boolean told = false;
    try {
      WriteResult result = lane.reread(picked.stream().map(Picked::key).toList());
      settle(picked, result.failed());
      told = true;
    } catch (SQLException | IOException | RuntimeException e) {
      lane.notice().abnormal("retries", picked.size(), "re-reads failed and are tried again: " + e);
      lane.health().failed(e);
    } finally {
      if (!told) {
        picked.forEach(store::failed);
      }
    }
  }

  private void settle(List<Picked> picked, Map<Key, Throwable> failed) {
    if (!failed.isEmpty()) {
      Throwable cause = failed.values().iterator().next();
      lane.notice()
          .abnormal("retries", failed.size(), "writes failed and are tried again: " + cause);
      lane.health().failed(cause);
    }
    for (Picked p : picked) {
      if (failed.containsKey(p.key())) {
        store.failed(p);
      } else {
        store.done(p);
      }
    }
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

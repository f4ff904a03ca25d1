package io.crossfade.dualwrite.dirty;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: changes are collected in a batch while the writer thread writes the one before.
 * Within a batch the last change of a record wins, so that what waits is bounded by the number of
 * records even while the disk does not answer. Deletions alone are not synced and wait for company.
 *
 * <p>{@link DebtGuard} watches how long marks wait and may confirm them instead of the disk.
 * Thread-safe.
 */
final class Journal {
  private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Disk disk;
  private final StoreMetrics metrics;
  private final DebtGuard guard;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread writer;
  private Batch current = new Batch(1);
  private @Nullable Batch writing;
  private long durable;
  private boolean closing;
  private boolean failed;

  Journal(Disk disk, DebtFlag flag, DirtyStoreConfig config, StoreMetrics metrics, Incidents told) {
    this.disk = disk;
    this.metrics = metrics;
    this.guard = new DebtGuard(this, flag, config, metrics, told);
    this.writer = new Thread(this::run, "crossfade-dirty-writer");
    writer.setDaemon(true);
  }

  void start() {
    writer.start();
    guard.start();
  }

  /** Adds a change that must be synced; returns the number of the batch that makes it durable. */
  long put(byte[] record, byte[] value) {
    return add(record, value, true);
  }

  /** Whether {@link #tell} reaches anybody. */
  boolean shared() {
    return disk.shared();
  }

  /** Adds a value of a record that is there already, for others to read; may be lost. */
  void tell(byte[] record, byte[] value) {
    add(record, value, false);
  }

  /** Adds a deletion that may be lost. */
  void delete(byte[] record) {
    add(record, null, false);
  }

  /** Adds a deletion that must be synced. */
  long deleteNow(byte[] record) {
    return add(record, null, true);
  }

  private long add(byte[] record, byte @Nullable [] value, boolean sync) {
    lock.lock();
    try {
      boolean wake = current.changes.isEmpty() || (sync && !current.sync);
      current.add(new RecordKey(record), value, sync);
      if (wake) {
        changed.signal();
      }
      return current.number;
    } finally {
      lock.unlock();
    }
  }

  /** Completes when the batch is durable, or the debt flag stands for it. */
  CompletionStage<Void> confirmed(long batch) {
    lock.lock();
    try {
      if (batch <= durable) {
        return CompletableFuture.completedFuture(null);
      }
      Batch b = writing != null && batch <= writing.number ? writing : current;
      return guard.confirm(b);
    } finally {
      lock.unlock();
    }
  }

  /** Completes when the batch is on disk. */
  CompletableFuture<Void> written(long batch) {
    lock.lock();
    try {
      if (batch <= durable) {
        return CompletableFuture.completedFuture(null);
      }
      Batch b = writing != null && batch <= writing.number ? writing : current;
      return b.written;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      Batch b = next();
      if (b == null) {
        return;
      }
      if (!write(b)) {
        return;
      }
      CompletableFuture<Void> confirmed;
      lock.lock();
      try {
        durable = b.number;
        writing = null;
        confirmed = b.confirmed;
        guard.wrote(b, current);
      } finally {
        lock.unlock();
      }
      confirmed.complete(null);
      b.written.complete(null);
    }
  }

  private @Nullable Batch next() {
    lock.lock();
    try {
      long lingerUntil = 0;
      while (!closing && !current.sync) {
        if (current.changes.isEmpty()) {
          changed.awaitUninterruptibly();
          lingerUntil = System.nanoTime() + LINGER_NANOS;
        } else {
          long rest = lingerUntil - System.nanoTime();
          if (rest <= 0) {
            break;
          }
          pause(rest);
        }
      }
      if (current.changes.isEmpty()) {
        return null;
      }
      Batch b = current;
      writing = b;
      current = new Batch(b.number + 1);
      return b;
    } finally {
      lock.unlock();
    }
  }

  private boolean write(Batch b) {
    while (true) {
      try {
        if (failed) {
          disk.recover();
        }
        long start = System.nanoTime();
        disk.write(b.changes, b.sync);
        metrics.wrote(b.changes.size(), System.nanoTime() - start);
        failed = false;
        return true;
      } catch (IOException e) {
        metrics.abnormal("write-failed");
        if (!failed) {
          LOGGER.atError().setCause(e).log("The dirty store cannot be written; trying again");
        }
        failed = true;
        guard.failed(e);
      }
      lock.lock();
      try {
        if (closing) {
          LOGGER.atError().log("The dirty store was closed while it could not be written");
          guard.abandoned();
          return false;
        }
        pause(RETRY_NANOS);
      } finally {
        lock.unlock();
      }
    }
  }

  private void pause(long nanos) {
    try {
      changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread: it is private and ends by the closing flag.
      throw new IllegalStateException("The writer of the dirty store was interrupted", e);
    }
  }

  /** Runs {@code action} on the batches that are not durable yet, under the journal's lock. */
  void pending(PendingAction action) {
    lock.lock();
    try {
      action.accept(writing, current);
    } finally {
      lock.unlock();
    }
  }

  /** Writes what is pending, at most for {@code limit}, and ends the threads. */
  void close(Duration limit) {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      writer.join(limit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    guard.close(limit);
    failPending();
    if (writer.isAlive()) {
      // The disk hangs: closing it under the writer's feet would crash the process.
      metrics.abnormal("close-timed-out");
    } else {
      disk.close();
    }
  }

  private void failPending() {
    pending(
        (writingNow, currentNow) -> {
          DebtException closed =
              new DebtException("The dirty store was closed before it could write");
          for (Batch b :
              writingNow == null ? List.of(currentNow) : List.of(writingNow, currentNow)) {
            b.confirmed.completeExceptionally(closed);
            b.written.completeExceptionally(closed);
          }
        });
  }

  /** Looks at what is not durable. */
  interface PendingAction {
    void accept(@Nullable Batch writing, Batch current);
  }

  /** Changes that become durable together. Guarded by the journal's lock until it is written. */
  static final class Batch {
    final long number;
    final Map<RecordKey, byte @Nullable []> changes = new LinkedHashMap<>();
    final CompletableFuture<Void> written = new CompletableFuture<>();

    /** Completed by the writer, or by the guard when the flag stands for it. */
    CompletableFuture<Void> confirmed = new CompletableFuture<>();

    boolean sync;

    /** When its first synced change was added. */
    long sinceNanos;

    Batch(long number) {
      this.number = number;
    }

    void add(RecordKey key, byte @Nullable [] value, boolean mustSync) {
      changes.put(key, value);
      if (mustSync && !sync) {
        sync = true;
        sinceNanos = System.nanoTime();
      }
    }
  }
}

package io.crossfade.sandbox.workload;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What the application saw. Thread-safe. */
public final class Tally {
  private static final int KEPT = 20;

  private final LongAdder operations = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder sessions = new LongAdder();
  private final LongAdder rolledBack = new LongAdder();
  private final List<String> firstErrors = new CopyOnWriteArrayList<>();

  void operation() {
    operations.increment();
  }

  void error(String what) {
    errors.increment();
    keep(what);
  }

  void stale(String what) {
    stale.increment();
    keep("stale read: " + what);
  }

  void retry() {
    retries.increment();
  }

  void session() {
    sessions.increment();
  }

  void rolledBack() {
    rolledBack.increment();
  }

  private void keep(String what) {
    if (firstErrors.size() < KEPT) {
      firstErrors.add(what);
    }
  }

  /** Operations that ended well. */
  public long operations() {
    return operations.sum();
  }

  /** Errors the application would have shown to its users. */
  public long errors() {
    return errors.sum();
  }

  /** Reads that did not show the session's own committed change. */
  public long staleReads() {
    return stale.sum();
  }

  /** Deadlocks and lock wait timeouts, which any MySQL application has to repeat. */
  public long retries() {
    return retries.sum();
  }

  /** Sessions opened. */
  public long sessions() {
    return sessions.sum();
  }

  /** Transactions rolled back on purpose. */
  public long rollbacks() {
    return rolledBack.sum();
  }

  /** The first errors and stale reads, with what was being done. */
  public List<String> firstErrors() {
    return List.copyOf(firstErrors);
  }
}

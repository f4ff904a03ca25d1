package io.crossfade.dualwrite.capture;

import java.util.function.Consumer;

/**
 * Whether what is known of views, triggers, routines, foreign keys and tables may be out of date
 * because a statement that defines such things is at MySQL, or was and the catalogue has not been
 * read since. Thread-safe; listeners are called under its lock and must not block.
 */
public final class Definitions {
  /** How sure the catalogue is. */
  public enum Sure {
    /** It was read after the last definition that came through the proxy. */
    KNOWN,
    /** A write may reach tables in a way that is not known yet. */
    WRITES_UNSURE,
    /** So may a statement that only reads, through a new view or function. */
    READS_UNSURE
  }

  private final Consumer<Sure> onUnsure;
  private final Runnable onAnswered;
  private long changes;
  private int running;
  private Sure sure = Sure.KNOWN;

  /**
   * @param onUnsure told when it becomes less sure, before the statement is forwarded
   * @param onAnswered told when such a statement has ended: the catalogue is to be read
   */
  public Definitions(Consumer<Sure> onUnsure, Runnable onAnswered) {
    this.onUnsure = onUnsure;
    this.onAnswered = onAnswered;
  }

  /**
   * A statement that defines something is about to be forwarded.
   *
   * @param code whether it may define a view or a routine
   */
  public synchronized void sent(boolean code) {
    running++;
    changes++;
    Sure now = code || sure == Sure.READS_UNSURE ? Sure.READS_UNSURE : Sure.WRITES_UNSURE;
    if (now != sure) {
      sure = now;
      onUnsure.accept(now);
    }
  }

  /** It was answered, or its session is lost. */
  public void answered() {
    synchronized (this) {
      running--;
      changes++;
    }
    onAnswered.run();
  }

  /** To be asked before the catalogue is read, for {@link #settle}. */
  public synchronized long look() {
    return changes;
  }

  /**
   * The catalogue was read.
   *
   * @param look what {@link #look} said before
   * @param publish told how sure what was read is, before anything else can be sent
   */
  public synchronized void settle(long look, Consumer<Sure> publish) {
    if (running == 0 && look == changes) {
      sure = Sure.KNOWN;
    }
    publish.accept(sure);
  }

  /** How sure the catalogue is now. */
  public synchronized Sure sure() {
    return sure;
  }
}

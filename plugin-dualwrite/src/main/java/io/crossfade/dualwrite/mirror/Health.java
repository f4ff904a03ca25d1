package io.crossfade.dualwrite.mirror;

import io.crossfade.dualwrite.mysql.ClockBehindException;
import io.crossfade.dualwrite.mysql.NotPrimaryException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the mirror of one table can work now. After a failure all its threads wait, one of them
 * probes at growing, jittered intervals, and the first success lets all go on. Thread-safe.
 */
public final class Health {
  private static final long FIRST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 3_000;

  /** A cheap look at both sides. */
  @FunctionalInterface
  public interface Probe {
    void run() throws Exception;
  }

  private final Notice notice;
  private final Probe probe;
  private @Nullable String reason;
  private @Nullable String blocked;
  private @Nullable String told;
  private long waitMillis = FIRST_MILLIS;
  private boolean probing;
  private boolean stopped;

  public Health(Notice notice, Probe probe) {
    this.notice = notice;
    this.probe = probe;
  }

  /** Why the mirror is paused, if it is: a short stable token. */
  public synchronized Optional<String> paused() {
    return Optional.ofNullable(blocked != null ? blocked : reason);
  }

  /** Pauses until the first probe succeeds: nothing is known to work yet. */
  public synchronized void starting() {
    reason = "starting";
  }

  /** Pauses for a reason that no probe can end; {@code null}: no longer. */
  public synchronized void block(@Nullable String why) {
    if (why != null && !why.equals(blocked)) {
      notice.incident("blocked-" + why, "the mirror stands still: " + why);
    }
    blocked = why;
    notifyAll();
  }

  /** Something failed: pause. */
  public synchronized void failed(Throwable cause) {
    if (Failure.of(cause).scope() == Failure.Scope.NOTHING) {
      return; // neither side has failed
    }
    String token = token(cause);
    if (!token.equals(told)) {
      told = token;
      notice.incident("paused-" + token, "the mirror pauses: " + cause);
    }
    notice.count("pauses", 1);
    reason = token;
    waitMillis = Math.min(waitMillis * 2, LONGEST_MILLIS);
  }

  /** Work was done: the trouble, if there was any, is over. */
  public synchronized void worked() {
    if (told != null) {
      notice.incident("resumed", "the mirror works again after: " + told);
      told = null;
    }
    waitMillis = FIRST_MILLIS;
  }

  private static String token(Throwable cause) {
    if (cause instanceof ClockBehindException) {
      return "clock-behind";
    }
    if (cause instanceof NotPrimaryException e) {
      return e.token();
    }
    return cause instanceof SQLException ? "mysql" : "hbase";
  }

  /**
   * Waits until the mirror can work.
   *
   * @return false when it is stopped
   */
  public boolean awaitReady() throws InterruptedException {
    while (true) {
      long wait;
      synchronized (this) {
        if (stopped || (reason == null && blocked == null)) {
          return !stopped;
        }
        if (probing || blocked != null) {
          TimeUnit.MILLISECONDS.timedWait(this, LONGEST_MILLIS);
          continue;
        }
        probing = true;
        wait = waitMillis / 2 + ThreadLocalRandom.current().nextLong(waitMillis / 2 + 1);
        TimeUnit.MILLISECONDS.timedWait(this, wait);
        if (stopped) {
          probing = false;
          return false;
        }
      }
      probe();
    }
  }

  private void probe() throws InterruptedException {
    @Nullable Exception failure = null;
    try {
      probe.run();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      failure = e;
    } finally {
      synchronized (this) {
        probing = false;
      }
    }
    synchronized (this) {
      if (failure == null) {
        reason = null;
      } else {
        failed(failure);
      }
      notifyAll();
    }
  }

  /** Lets every waiting thread go; {@link #awaitReady} answers false from now on. */
  public synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /** Whether {@link #stop} was called. */
  public synchronized boolean stopped() {
    return stopped;
  }
}

package io.crossfade.dualwrite.dirty;

import io.crossfade.dualwrite.dirty.DirtyStoreConfig.WhenUnrecordable;
import io.crossfade.dualwrite.dirty.Journal.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stalled or failed disk from stopping the application (I2).
 *
 * <pre>
 *            stall, failure            flag durable
 *   CLEAR ──────────────────► SETTING ──────────────► SET ◄─────────┐
 *     ▲                          │ limit, failure      ▲  │         │ stall
 *     │                          ▼      flag durable   │  │ written │
 *     │                         LOST ──────────────────┘  ▼         │
 *     └──────────── all that relied on the flag written ◄─ PAYING ──┘
 * </pre>
 *
 * <p>While SET every mark is confirmed at once: the flag says that everything is dirty. What is in
 * memory stays exact, so the flag matters only if the process dies before the debt is paid. State
 * is guarded by the journal's lock; the flag is only touched by a thread of its own, in order.
 */
final class DebtGuard {
  private static final Logger LOGGER = LoggerFactory.getLogger(DebtGuard.class);

  private enum State {
    CLEAR,
    SETTING,
    SET,
    LOST,
    PAYING
  }

  private final Journal journal;
  private final DebtFlag flag;
  private final StoreMetrics metrics;
  private final Incidents told;
  private final WhenUnrecordable policy;
  private final long limitNanos;
  private final long flagLimitNanos;
  private final ScheduledExecutorService ticker =
      Executors.newScheduledThreadPool(1, daemon("guard"));
  private final ExecutorService flagWriter = Executors.newFixedThreadPool(1, daemon("flag"));

  private State state = State.CLEAR;
  private boolean flagOnDisk;
  private boolean clearFailed;
  private int flagWork;
  private long settingSince;
  private long payBatch;

  DebtGuard(
      Journal journal,
      DebtFlag flag,
      DirtyStoreConfig config,
      StoreMetrics metrics,
      Incidents told) {
    this.journal = journal;
    this.flag = flag;
    this.metrics = metrics;
    this.told = told;
    this.policy = config.whenUnrecordable();
    this.limitNanos = config.stallLimit().toNanos();
    this.flagLimitNanos = config.flagLimit().toNanos();
  }

  private static java.util.concurrent.ThreadFactory daemon(String name) {
    return r -> {
      Thread t = new Thread(r, "crossfade-dirty-" + name);
      t.setDaemon(true);
      return t;
    };
  }

  void start() {
    long tick = Math.max(TimeUnit.MILLISECONDS.toNanos(2), limitNanos / 4);
    ticker.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.NANOSECONDS);
  }

  /** Under the journal's lock: what a mark in {@code b}, not yet durable, has to wait for. */
  CompletionStage<Void> confirm(Batch b) {
    return switch (state) {
      case CLEAR, SETTING, PAYING -> b.confirmed;
      case SET -> {
        metrics.abnormal("confirmed-by-debt");
        yield CompletableFuture.completedFuture(null);
      }
      case LOST -> unrecordable();
    };
  }

  private CompletionStage<Void> unrecordable() {
    return switch (policy) {
      case REFUSE -> {
        metrics.abnormal("refused");
        yield CompletableFuture.failedFuture(refusal());
      }
      case FORWARD -> {
        metrics.abnormal("forwarded-unrecorded");
        yield CompletableFuture.completedFuture(null);
      }
    };
  }

  private static DebtException refusal() {
    return new DebtException("Neither the dirty store nor the debt flag can be written");
  }

  /** Under the journal's lock: {@code b} is durable, {@code current} is being filled. */
  void wrote(Batch b, Batch current) {
    switch (state) {
      case CLEAR -> {}
      case SETTING, SET, LOST -> {
        state = State.PAYING;
        payBatch = current.number;
        if (current.confirmed.isDone()) {
          current.confirmed = new CompletableFuture<>();
        }
        if (current.changes.isEmpty()) {
          paid();
        }
      }
      case PAYING -> {
        if (b.number >= payBatch) {
          paid();
        }
      }
    }
  }

  private void paid() {
    state = State.CLEAR;
    LOGGER.atInfo().log("The dirty store has caught up; the debt is paid");
    if (flagOnDisk) {
      clearFlag();
    }
    later(told::debtPaid);
  }

  /** The disk failed; called by the writer without the lock. */
  void failed(IOException e) {
    journal.pending(
        (writing, current) -> {
          if (state == State.CLEAR || state == State.PAYING) {
            indebt("failure: " + e.getMessage());
          }
        });
    tick();
  }

  /** The store is being closed and what is pending will not be written. */
  void abandoned() {
    metrics.abnormal("closed-in-debt");
  }

  private void tick() {
    List<Runnable> after = new ArrayList<>();
    journal.pending((writing, current) -> tick(writing, current, after));
    after.forEach(Runnable::run);
  }

  private void tick(@Nullable Batch writing, Batch current, List<Runnable> after) {
    long now = System.nanoTime();
    switch (state) {
      case CLEAR -> {
        if (stalled(writing, now) || stalled(current, now)) {
          indebt("stall");
        } else if (clearFailed && flagWork == 0) {
          clearFlag();
        }
      }
      case PAYING -> {
        if (stalled(writing, now) || stalled(current, now)) {
          indebt("stall");
        }
      }
      case SETTING -> {
        if (now - settingSince > flagLimitNanos) {
          lose(writing, current, after);
        }
      }
      case LOST -> {
        if (flagWork == 0) {
          setFlag();
        }
      }
      case SET -> {}
    }
    if (state == State.SET) {
      confirmAll(writing, after);
      confirmAll(current, after);
    }
  }

  private boolean stalled(@Nullable Batch b, long now) {
    return b != null && b.sync && now - b.sinceNanos > limitNanos;
  }

  private void indebt(String reason) {
    metrics.abnormal(reason.startsWith("failure") ? "debt-failure" : "debt-stall");
    LOGGER.atWarn().addKeyValue("reason", reason).log("The dirty store goes into debt");
    later(() -> told.debt(reason));
    if (flagOnDisk) {
      state = State.SET;
    } else {
      state = State.SETTING;
      settingSince = System.nanoTime();
      setFlag();
    }
  }

  private void lose(@Nullable Batch writing, Batch current, List<Runnable> after) {
    state = State.LOST;
    metrics.abnormal("debt-flag-failed");
    LOGGER.atError().addKeyValue("policy", policy).log("Not even the debt flag can be written");
    if (policy == WhenUnrecordable.FORWARD) {
      later(() -> told.unrecorded("neither the dirty store nor the debt flag can be written"));
    }
    giveUp(writing, after);
    giveUp(current, after);
  }

  private void giveUp(@Nullable Batch b, List<Runnable> after) {
    if (b == null || b.confirmed.isDone()) {
      return;
    }
    CompletableFuture<Void> waiting = b.confirmed;
    b.confirmed = new CompletableFuture<>();
    unrecordable()
        .whenComplete(
            (ok, refused) ->
                after.add(
                    () -> {
                      if (refused == null) {
                        waiting.complete(null);
                      } else {
                        waiting.completeExceptionally(refused);
                      }
                    }));
  }

  private static void confirmAll(@Nullable Batch b, List<Runnable> after) {
    if (b != null && !b.confirmed.isDone()) {
      CompletableFuture<Void> waiting = b.confirmed;
      after.add(() -> waiting.complete(null));
    }
  }

  private void setFlag() {
    flagWork++;
    flagWriter.execute(
        () -> {
          boolean done = false;
          try {
            flag.set();
            done = true;
          } catch (IOException e) {
            metrics.abnormal("debt-flag-set-failed");
            LOGGER.atDebug().setCause(e).log("The debt flag cannot be set");
          }
          flagSet(done);
        });
  }

  private void flagSet(boolean done) {
    List<Runnable> after = new ArrayList<>();
    journal.pending(
        (writing, current) -> {
          flagWork--;
          if (!done) {
            if (state == State.SETTING) {
              lose(writing, current, after);
            }
            return;
          }
          flagOnDisk = true;
          switch (state) {
            case SETTING, LOST -> {
              state = State.SET;
              confirmAll(writing, after);
              confirmAll(current, after);
            }
            case CLEAR -> clearFlag();
            case SET, PAYING -> {}
          }
        });
    after.forEach(Runnable::run);
  }

  private void clearFlag() {
    flagOnDisk = false;
    clearFailed = false;
    flagWork++;
    flagWriter.execute(
        () -> {
          boolean done = false;
          try {
            flag.clear();
            done = true;
          } catch (IOException e) {
            metrics.abnormal("debt-clear-failed");
            LOGGER
                .atError()
                .setCause(e)
                .log("The debt flag cannot be cleared; it will be tried again");
          }
          boolean cleared = done;
          journal.pending(
              (writing, current) -> {
                flagWork--;
                clearFailed = !cleared;
              });
        });
  }

  private void later(Runnable r) {
    ticker.execute(r);
  }

  void close(java.time.Duration limit) {
    ticker.shutdownNow();
    flagWriter.shutdown();
    try {
      if (flagWriter.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        flag.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.crossfade.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that do actions, chosen by weight, at a rate they share. An action that takes long delays
 * no other as long as a thread is free.
 */
final class Traffic implements AutoCloseable {
  private static final long MOST_BEHIND = TimeUnit.SECONDS.toNanos(1);

  /** What one action does with a source of chance of its own; it must end by itself. */
  @FunctionalInterface
  interface Body {
    void run(SplittableRandom random) throws Exception;
  }

  /**
   * A kind of action.
   *
   * @param name for the counts
   * @param weight how often, beside the others
   */
  record Kind(String name, int weight, Body body) {}

  private final List<Kind> kinds;
  private final int weights;
  private final Outcomes outcomes;
  private final long period;
  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  Traffic(List<Kind> kinds, Outcomes outcomes, int numberOfThreads, double perSecond) {
    this.kinds = kinds;
    this.weights = kinds.stream().mapToInt(Kind::weight).sum();
    this.outcomes = outcomes;
    this.period = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
    for (int i = 0; i < numberOfThreads; i++) {
      SplittableRandom random = new SplittableRandom(i + 1L);
      Thread t = new Thread(() -> work(random), "soak-" + i);
      threads.add(t);
      t.start();
    }
  }

  private void work(SplittableRandom random) {
    while (running) {
      long due = next.getAndAdd(period);
      long now = System.nanoTime();
      if (now - due > MOST_BEHIND) {
        next.compareAndSet(due + period, now);
      }
      while (running && due - System.nanoTime() > 0) {
        LockSupport.parkNanos(
            Math.min(due - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(200)));
      }
      if (running) {
        act(choose(random.nextInt(weights)), random);
      }
    }
  }

  private void act(Kind kind, SplittableRandom random) {
    try {
      kind.body().run(random);
      outcomes.done(kind.name());
    } catch (Exception e) {
      outcomes.failed(kind.name(), e);
    }
  }

  private Kind choose(int ticket) {
    int left = ticket;
    for (Kind kind : kinds) {
      left -= kind.weight();
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no action for " + ticket);
  }

  /** Lets every thread finish its action. */
  @Override
  public void close() {
    running = false;
    for (Thread t : threads) {
      try {
        t.join(TimeUnit.SECONDS.toMillis(90));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (t.isAlive()) {
        outcomes.failed("end", new IllegalStateException(t.getName() + " gets no answer"));
      }
    }
  }
}

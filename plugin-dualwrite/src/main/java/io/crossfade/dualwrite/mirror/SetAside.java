package io.crossfade.dualwrite.mirror;

import io.crossfade.api.mapping.Key;
import io.crossfade.dualwrite.dirty.Picked;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one table that failed while others did not. They stay dirty, and picked, so that no
 * batch meets them; each is handed out again after a pause that grows with its failures.
 * Thread-safe.
 */
public final class SetAside {
  private static final long FIRST_MILLIS = 500;
  private static final long LONGEST_MILLIS = TimeUnit.MINUTES.toMillis(5);

  /** For failures that pass by themselves, such as a region that is moving. */
  private static final long LONGEST_PASSING_MILLIS = TimeUnit.SECONDS.toMillis(30);

  /** What has failed more often does not pass. */
  private static final int PASSING_FAILURES = 20;

  private static final int REPORTED = 20;

  private final LongSupplier clock;
  private final Map<Key, Case> cases = new HashMap<>();
  private final PriorityQueue<Case> waiting =
      new PriorityQueue<>(Comparator.comparingLong(c -> c.due));

  public SetAside() {
    this(System::nanoTime);
  }

  SetAside(LongSupplier clock) {
    this.clock = clock;
  }

  private static final class Case {
    final Picked picked;
    final Instant since = Instant.now();
    String reason = "";
    boolean alone;
    boolean queued;
    int failures;
    long due;

    Case(Picked picked) {
      this.picked = picked;
    }
  }

  /**
   * Sets a key aside, or says that it has failed once more.
   *
   * @param alone whether it must not be tried together with others
   */
  public synchronized void add(Picked picked, String reason, boolean alone) {
    Case c = cases.computeIfAbsent(picked.key(), key -> new Case(picked));
    c.reason = reason;
    c.alone = alone;
    c.failures++;
    await(c, pauseMillis(c));
  }

  /** Nothing was learnt about a key handed out by {@link #due}: it waits for a moment. */
  public synchronized void postpone(Picked picked) {
    Case c = cases.get(picked.key());
    if (c != null) {
      await(c, FIRST_MILLIS);
    }
  }

  private void await(Case c, long millis) {
    long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    if (c.queued) {
      waiting.remove(c);
    }
    c.queued = true;
    c.due = clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(jittered);
    waiting.add(c);
  }

  private static long pauseMillis(Case c) {
    boolean passing = !c.alone && c.failures <= PASSING_FAILURES;
    long longest = passing ? LONGEST_PASSING_MILLIS : LONGEST_MILLIS;
    return Math.min(longest, FIRST_MILLIS << Math.min(c.failures, 20));
  }

  /**
   * Keys whose pause is over: one that has to be alone, or up to {@code max} others. The caller
   * tells {@link #settled}, {@link #add} or {@link #postpone} of each.
   */
  public synchronized List<Picked> due(int max) {
    List<Picked> due = new ArrayList<>();
    long now = clock.getAsLong();
    while (due.size() < max) {
      @Nullable Case next = waiting.peek();
      if (next == null || next.due - now > 0 || (next.alone && !due.isEmpty())) {
        break;
      }
      waiting.poll();
      next.queued = false;
      due.add(next.picked);
      if (next.alone) {
        break;
      }
    }
    return due;
  }

  /** Whether the key is set aside, or was handed out by {@link #due}. */
  public synchronized boolean contains(Key key) {
    return cases.containsKey(key);
  }

  /** The key was re-read and written. */
  public synchronized void settled(Picked picked) {
    Case c = cases.remove(picked.key());
    if (c != null && c.queued) {
      waiting.remove(c);
    }
  }

  /** Lets all be tried again now. */
  public synchronized int retryNow() {
    List<Case> all = new ArrayList<>(waiting);
    waiting.clear();
    for (Case c : all) {
      c.due = clock.getAsLong();
      waiting.add(c);
    }
    return all.size();
  }

  /** How many there are. */
  public synchronized int size() {
    return cases.size();
  }

  /** How many, why, and some of them: keys in hexadecimal, never values. */
  public synchronized Map<String, Object> report() {
    Map<String, Integer> reasons = new java.util.TreeMap<>();
    cases.values().forEach(c -> reasons.merge(c.reason, 1, Integer::sum));
    List<Map<String, Object>> some = new ArrayList<>();
    cases.values().stream()
        .sorted(Comparator.comparing((Case c) -> c.since))
        .limit(REPORTED)
        .forEach(c -> some.add(one(c)));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("keys", cases.size());
    map.put("reasons", reasons);
    map.put("some", some);
    return map;
  }

  private Map<String, Object> one(Case c) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("key", HexFormat.of().formatHex(c.picked.key().bytes()));
    map.put("reason", c.reason);
    map.put("since", c.since.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString());
    map.put("failures", c.failures);
    map.put("nextTryMillis", Math.max(0, TimeUnit.NANOSECONDS.toMillis(c.due - clock.getAsLong())));
    return map;
  }
}

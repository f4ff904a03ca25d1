package io.crossfade.dualwrite.capture;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions that are not worth asking again for a while: MySQL refused them, or the answer was too
 * long. By account and template; the oldest are forgotten first. Thread-safe.
 */
public final class Declined {
  private static final int MAX = 1000;
  private static final long REMEMBERED = Duration.ofMinutes(10).toNanos();

  private final LongSupplier clock;
  private final Map<Id, Entry> entries = new LinkedHashMap<>();

  private record Id(String user, String template) {}

  private record Entry(NotAsked why, long until) {}

  /** An empty memory. */
  public Declined() {
    this(System::nanoTime);
  }

  Declined(LongSupplier nanoClock) {
    this.clock = nanoClock;
  }

  /** Remembers that {@code user} is not to ask for this template. */
  synchronized void add(String user, String template, NotAsked why) {
    Id id = new Id(user, template);
    entries.remove(id);
    entries.put(id, new Entry(why, clock.getAsLong() + REMEMBERED));
    Iterator<Id> oldest = entries.keySet().iterator();
    while (entries.size() > MAX) {
      oldest.next();
      oldest.remove();
    }
  }

  /** Why not to ask, null when asking may be worth it. */
  synchronized @Nullable NotAsked find(String user, String template) {
    Id id = new Id(user, template);
    Entry entry = entries.get(id);
    if (entry == null) {
      return null;
    }
    if (entry.until() - clock.getAsLong() < 0) {
      entries.remove(id);
      return null;
    }
    return entry.why();
  }
}

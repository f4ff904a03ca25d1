package io.crossfade.dualwrite.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One proxy with a dirty store of its own and its workers. */
final class ProxyModel {
  /** The identifier of the range that is all keys. */
  static final int RANGE = -1;

  /** A dirty key or range. */
  static final class Entry {
    long generation;
    final Set<Session> holders = new HashSet<>(2);
    boolean inherited;
    boolean eligible;
    boolean picked;
  }

  private final World world;
  private boolean up = true;
  private int started;
  private final Map<Integer, Entry> entries = new TreeMap<>();
  private final Set<Integer> disk = new TreeSet<>();
  private final Set<Session> registered = new HashSet<>();
  private final Set<Session> undecided = new HashSet<>();
  private final Set<Session> dead = new HashSet<>();
  private long generations;

  /** Changes of the disk that are not synced yet, in order. */
  final Deque<Runnable> queue = new ArrayDeque<>();

  final List<Work> works = new ArrayList<>();

  ProxyModel(World world) {
    this.world = world;
  }

  boolean up() {
    return up;
  }

  boolean idle() {
    return up && entries.isEmpty() && works.isEmpty();
  }

  /** How long this incarnation has been running. */
  int age() {
    return world.wall - started;
  }

  // --- the dirty store ---

  void mark(int id, @Nullable Session holder) {
    Entry e = entries.get(id);
    boolean fresh = e == null;
    if (e == null) {
      e = new Entry();
      entries.put(id, e);
    }
    if (fresh || world.holds(Rule.NEW_MARK_RAISES_GENERATION)) {
      e.generation = ++generations;
    }
    if (holder == null) {
      e.eligible = true;
    } else {
      e.holders.add(holder);
      if (!registered.contains(holder)) {
        queue.add(() -> registered.add(holder));
      }
    }
    if (fresh) {
      queue.add(() -> disk.add(id));
    }
  }

  void release(Session s) {
    for (Entry e : entries.values()) {
      if (e.holders.remove(s)) {
        e.eligible = true;
      }
    }
  }

  void answered(Session s) {
    s.late.forEach(id -> mark(id, null));
    s.late.clear();
    release(s);
  }

  void lost(Session s) {
    if (!world.holds(Rule.HELD_UNTIL_SESSION_ENDED_AFTER_CRASH)) {
      release(s);
      return;
    }
    for (Entry e : entries.values()) {
      e.eligible |= e.holders.contains(s);
    }
    undecided.add(s);
  }

  /** Looks which lost sessions MySQL has ended. */
  private void monitor() {
    for (Session s : List.copyOf(undecided)) {
      if (s.phase == Session.Phase.ENDED) {
        undecided.remove(s);
        release(s);
      }
    }
    if (dead.removeIf(s -> s.phase == Session.Phase.ENDED) && dead.isEmpty()) {
      entries.values().forEach(e -> e.eligible |= e.inherited);
    }
  }

  private boolean held(Entry e) {
    return !e.holders.isEmpty() || (e.inherited && !dead.isEmpty());
  }

  private void pick() {
    for (Map.Entry<Integer, Entry> m : entries.entrySet()) {
      Entry e = m.getValue();
      if (e.eligible && !e.picked && world.chance(50)) {
        e.eligible = false;
        e.picked = true;
        works.add(new Work(world, this, m.getKey(), e.generation, !held(e)));
        return;
      }
    }
  }

  void done(Work w) {
    works.remove(w);
    Entry e = entries.get(w.id);
    if (e == null) {
      return;
    }
    e.picked = false;
    boolean same =
        e.generation == w.generation || !world.holds(Rule.COMPARE_AND_DELETE_ON_GENERATION);
    boolean free = (w.removable && !held(e)) || !world.holds(Rule.NOT_REMOVED_WHILE_HELD);
    if (same && free) {
      entries.remove(w.id);
      queue.add(() -> disk.remove(w.id));
    } else if (!held(e)) {
      e.eligible = true;
    }
  }

  void failed(Work w) {
    works.remove(w);
    Entry e = entries.get(w.id);
    if (e != null) {
      e.picked = false;
      e.eligible = true;
    }
  }

  // --- steps ---

  void step() {
    if (!up) {
      restart();
      return;
    }
    switch (world.below(6)) {
      case 0 -> {
        while (!queue.isEmpty()) {
          queue.remove().run();
        }
      }
      case 1 -> monitor();
      case 2 -> pick();
      default -> {
        if (!works.isEmpty()) {
          Work w = works.get(world.below(works.size()));
          do {
            w.step();
          } while (world.chance(50) && works.contains(w));
        }
      }
    }
  }

  /** Loses all that is not synced; its sessions lose their connections. */
  void crash() {
    up = false;
    while (!queue.isEmpty() && world.chance(50)) {
      queue.remove().run();
    }
    queue.clear();
    entries.clear();
    works.clear();
    undecided.clear();
    dead.clear();
  }

  private void restart() {
    up = true;
    started = world.wall;
    for (int id : disk) {
      Entry e = new Entry();
      e.generation = ++generations;
      e.inherited = true;
      e.eligible = true;
      entries.put(id, e);
    }
    if (world.holds(Rule.HELD_UNTIL_SESSION_ENDED_AFTER_CRASH)) {
      dead.addAll(registered);
    }
    registered.clear();
    registered.addAll(dead);
  }
}

package io.crossfade.dualwrite.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker re-reading one dirty key, or reconciling the range, step by step. */
final class Work {
  private enum Phase {
    VERSION,
    READ,
    SCAN,
    SEND,
    ANSWERS,
    SECOND_PASS
  }

  private final World world;
  private final ProxyModel proxy;
  final int id;
  final long generation;
  final boolean removable;

  private Phase phase;
  private boolean second;
  private long version;
  private int versionWall;

  /** Its thread gets no time before that: a pause of the JVM, a slow disk. */
  private int pausedUntil;

  private int firstWall;
  private boolean quiet;
  private final List<Integer> toWrite = new ArrayList<>();
  private final @Nullable Integer[] seen;

  /** Writes whose fate is not known. */
  final List<Message> unanswered = new ArrayList<>();

  Work(World world, ProxyModel proxy, int id, long generation, boolean removable) {
    this.world = world;
    this.proxy = proxy;
    this.id = id;
    this.generation = generation;
    this.removable = removable;
    this.pausedUntil = world.chance(5) ? world.wall + world.below(2 * World.RETENTION) : 0;
    this.seen = new @Nullable Integer[world.rows.length];
    begin();
  }

  private void begin() {
    phase = world.holds(Rule.V_BEFORE_READ) ? Phase.VERSION : Phase.READ;
  }

  void step() {
    switch (phase) {
      case VERSION -> version();
      case READ -> read();
      case SCAN -> scan();
      case SEND -> send();
      case ANSWERS -> answers();
      case SECOND_PASS -> {
        if (world.wall - firstWall > World.MAX_AGE + World.LIFETIME) {
          second = true;
          begin();
        }
      }
    }
  }

  private void version() {
    long v = world.clock;
    if (world.holds(Rule.CLOCK_NEVER_BACK)) {
      if (v < world.hbase.greatestVersion) {
        return;
      }
      world.hbase.greatestVersion = v;
    }
    version = v;
    versionWall = world.wall;
    if (!second) {
      firstWall = world.wall;
    }
    phase = world.holds(Rule.V_BEFORE_READ) ? Phase.READ : afterRead();
  }

  private void read() {
    boolean ticked = world.clock > version || !world.holds(Rule.V_BEFORE_READ);
    if (world.holds(Rule.TICK_BEFORE_READ) && !ticked) {
      // A clock that was set back would never tick: the version is taken anew.
      if (world.clock < version) {
        begin();
      }
      return;
    }
    if (world.holds(Rule.CLOCK_NEVER_BACK)) {
      // The look that proved the tick counts too: should the clock be set back, a version equal to
      // this one would be given out for a later state.
      world.hbase.greatestVersion = Math.max(world.hbase.greatestVersion, world.clock);
    }
    System.arraycopy(world.rows, 0, seen, 0, seen.length);
    phase = world.holds(Rule.V_BEFORE_READ) ? afterRead() : Phase.VERSION;
  }

  private Phase afterRead() {
    toWrite.clear();
    if (id == ProxyModel.RANGE) {
      return Phase.SCAN;
    }
    toWrite.add(id);
    return Phase.SEND;
  }

  /** Which keys of the range have to be written. */
  private void scan() {
    quiet =
        world.proxies.size() == 1
            && proxy.age() > World.MAX_AGE + World.LIFETIME
            && world.network.isEmpty();
    boolean rewrite =
        !second && !quiet && world.holds(Rule.RANGE_SCAN_AFTER_INFLIGHT_OR_SECOND_PASS);
    for (int k = 0; k < seen.length; k++) {
      Integer there = world.hbase.live(k);
      boolean found = seen[k] != null || there != null;
      boolean equal = seen[k] == null ? there == null : seen[k].equals(there);
      if (rewrite ? found : !equal) {
        toWrite.add(k);
      }
    }
    phase = Phase.SEND;
  }

  private void send() {
    if (world.wall < pausedUntil) {
      return;
    }
    if (world.holds(Rule.VERSION_YOUNG_WHEN_SENT) && world.wall - versionWall > World.MAX_AGE) {
      proxy.failed(this);
      return;
    }
    if (id != ProxyModel.RANGE && !world.holds(Rule.OWN_REREAD_ALWAYS_WRITES)) {
      Integer there = world.hbase.live(id);
      if (seen[id] == null ? there == null : seen[id].equals(there)) {
        proxy.done(this);
        return;
      }
    }
    for (int k : toWrite) {
      Message m = Message.write(k, version, seen[k], this, world);
      unanswered.add(m);
      world.network.add(m);
    }
    phase = Phase.ANSWERS;
  }

  private void answers() {
    if (!unanswered.isEmpty()) {
      if (unanswered.stream().anyMatch(m -> world.wall > m.deadline)) {
        proxy.failed(this);
      }
      return;
    }
    boolean again =
        id == ProxyModel.RANGE
            && !second
            && !quiet
            && world.holds(Rule.RANGE_SCAN_AFTER_INFLIGHT_OR_SECOND_PASS);
    if (again) {
      phase = Phase.SECOND_PASS;
    } else {
      proxy.done(this);
    }
  }
}

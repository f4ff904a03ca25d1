package io.crossfade.dualwrite.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * MySQL, its clock, HBase, the network between, sessions and proxies; run by one seeded generator.
 * Time that limits are measured by ({@link #wall}) always runs; MySQL's clock is coarse, stalls,
 * and is set back now and then.
 */
final class World {
  /** How long a write may take to land. */
  static final int LIFETIME = 40;

  /** How old a version may be when its write is sent. */
  static final int MAX_AGE = 12;

  /** How long soft deletions are kept: longer than any write can be on its way. */
  static final int RETENTION = 2 * (LIFETIME + MAX_AGE);

  private static final int STEPS = 90;
  private static final int DRAIN_LIMIT = 20_000;

  private final SplittableRandom random;
  private final Set<Rule> rules;
  int wall;
  long clock = 10_000;
  boolean draining;
  final @Nullable Integer[] rows;
  final HBaseModel hbase;
  final List<Message> network = new ArrayList<>();
  final List<ProxyModel> proxies = new ArrayList<>();
  private final List<Session> sessions = new ArrayList<>();
  private final int wallPercent;
  private final int tickPercent;
  private final int networkPercent;
  private final int rangePercent;
  private final int sweepPercent;
  private final int crashPerMille;
  private final int stepBackPerMille;

  World(long seed, Set<Rule> broken) {
    this.random = new SplittableRandom(seed);
    this.rules = EnumSet.complementOf(copy(broken));
    int keys = chance(60) ? 1 : 2;
    this.rows = new @Nullable Integer[keys];
    this.hbase = new HBaseModel(this, keys);
    this.wallPercent = oneOf(30, 10);
    this.tickPercent = oneOf(60, 10, 1);
    this.networkPercent = oneOf(100, 30, 5);
    this.rangePercent = oneOf(0, 3, 15);
    this.sweepPercent = oneOf(10, 50, 90);
    this.crashPerMille = chance(50) ? 0 : 25;
    this.stepBackPerMille = chance(70) ? 0 : 30;
    int count = 1 + below(2);
    for (int i = 0; i < count; i++) {
      ProxyModel p = new ProxyModel(this);
      proxies.add(p);
      sessions.add(new Session(p));
      sessions.add(new Session(p));
    }
  }

  private static EnumSet<Rule> copy(Set<Rule> set) {
    EnumSet<Rule> copy = EnumSet.noneOf(Rule.class);
    copy.addAll(set);
    return copy;
  }

  boolean holds(Rule rule) {
    return rules.contains(rule);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private int oneOf(int... choices) {
    return choices[below(choices.length)];
  }

  /** A row's value, or null for a deletion. */
  @Nullable Integer value() {
    int v = below(3);
    return v == 2 ? null : v;
  }

  /** Runs to quiescence; tells what differs then, if anything. */
  Optional<String> run() {
    for (int i = 0; i < STEPS; i++) {
      step();
      misfortune();
    }
    draining = true;
    int left = DRAIN_LIMIT;
    while (!quiescent()) {
      if (--left == 0) {
        return Optional.of("never becomes quiet");
      }
      step();
    }
    return difference();
  }

  private void step() {
    if (chance(draining ? 60 : wallPercent)) {
      wall++;
    }
    if (chance(tickPercent) || (draining && chance(30))) {
      clock++;
    }
    switch (below(8)) {
      case 0, 1 -> {
        Session s = sessions.get(below(sessions.size()));
        do {
          if (s.proxy.up() || s.phase == Session.Phase.COMMITTING) {
            s.step(this);
          }
        } while (chance(50));
      }
      case 2 -> {
        if (chance(networkPercent)) {
          network();
        }
      }
      case 3 -> {
        if (chance(sweepPercent)) {
          hbase.sweep();
        }
      }
      default -> proxies.get(below(proxies.size())).step();
    }
    overdue();
  }

  /** Lets one write land; a duplicate is usually late. */
  private void network() {
    if (!network.isEmpty()) {
      Message m = network.get(below(network.size()));
      if (m.landed && chance(90)) {
        return;
      }
      if (m.landed || m.single) {
        network.remove(m);
      }
      m.land(hbase);
    }
  }

  /** Nothing lands after its lifetime: at the last moment it does, or it never will. */
  private void overdue() {
    for (int i = network.size() - 1; i >= 0; i--) {
      Message m = network.get(i);
      if (wall >= m.deadline) {
        network.remove(i);
        if (chance(70)) {
          m.land(hbase);
        }
      }
    }
  }

  private void misfortune() {
    if (random.nextInt(1000) < crashPerMille) {
      ProxyModel p = proxies.get(below(proxies.size()));
      if (p.up()) {
        p.crash();
        replaceSessions(p);
      }
    }
    if (random.nextInt(1000) < crashPerMille) {
      int i = below(sessions.size());
      Session s = sessions.get(i);
      if (s.connected && s.proxy.up()) {
        s.disconnect();
        s.proxy.lost(s);
        sessions.add(new Session(s.proxy));
      }
    }
    if (random.nextInt(1000) < stepBackPerMille) {
      clock -= 1 + below(30);
    }
    if (chance(rangePercent)) {
      ProxyModel p = proxies.get(below(proxies.size()));
      if (p.up()) {
        p.mark(ProxyModel.RANGE, null);
      }
    }
  }

  private void replaceSessions(ProxyModel p) {
    for (Session s : List.copyOf(sessions)) {
      if (s.proxy == p && s.connected) {
        s.disconnect();
        sessions.add(new Session(p));
      }
    }
  }

  private boolean quiescent() {
    return network.isEmpty()
        && proxies.stream().allMatch(ProxyModel::idle)
        && sessions.stream()
            .allMatch(s -> s.phase == Session.Phase.ENDED || s.phase == Session.Phase.IDLE);
  }

  private Optional<String> difference() {
    Set<String> order = new TreeSet<>();
    int count = 0;
    for (int k = 0; k < rows.length; k++) {
      Integer row = rows[k];
      Integer item = hbase.live(k);
      if (row == null ? item != null : !row.equals(item)) {
        return Optional.of("key " + k + ": MySQL " + row + ", HBase " + item);
      }
      if (row != null) {
        order.add(k + "@" + row);
        count++;
      }
    }
    if (!order.equals(hbase.order)) {
      return Optional.of("order entries: MySQL " + order + ", HBase " + hbase.order);
    }
    return count == hbase.counter
        ? Optional.empty()
        : Optional.of("counter: MySQL " + count + ", HBase " + hbase.counter);
  }
}

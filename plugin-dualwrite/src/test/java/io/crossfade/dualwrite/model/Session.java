package io.crossfade.dualwrite.model;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One client session and its transaction, as the proxy and MySQL see it. */
final class Session {
  enum Phase {
    IDLE,
    ACTIVE,
    /** COMMIT was sent. */
    COMMITTING,
    /** MySQL has committed or rolled back; the answer is on its way. */
    DECIDED,
    ENDED
  }

  final ProxyModel proxy;
  Phase phase = Phase.IDLE;
  boolean connected = true;
  final Map<Integer, @Nullable Integer> changes = new TreeMap<>();
  final Set<Integer> late = new LinkedHashSet<>();

  Session(ProxyModel proxy) {
    this.proxy = proxy;
  }

  /** The connection is gone; MySQL finishes what it is executing. */
  void disconnect() {
    connected = false;
    if (phase == Phase.ACTIVE) {
      changes.clear();
    }
    if (phase != Phase.COMMITTING) {
      phase = Phase.ENDED;
    }
  }

  void step(World w) {
    switch (phase) {
      case IDLE -> {
        if (!w.draining && w.chance(70)) {
          write(w);
        }
      }
      case ACTIVE -> active(w);
      case COMMITTING -> {
        changes.forEach((k, v) -> w.rows[k] = v);
        changes.clear();
        phase = connected ? Phase.DECIDED : Phase.ENDED;
      }
      case DECIDED -> {
        proxy.answered(this);
        phase = Phase.IDLE;
      }
      case ENDED -> {}
    }
  }

  private void active(World w) {
    if (!w.draining && w.chance(20)) {
      write(w);
    } else if (w.chance(20)) {
      changes.clear();
      phase = Phase.DECIDED;
    } else if (!w.holds(Rule.DURABLE_BEFORE_COMMIT) || proxy.queue.isEmpty()) {
      phase = Phase.COMMITTING;
      if (!w.holds(Rule.RELEASE_NOT_BEFORE_END)) {
        proxy.release(this);
      }
    }
  }

  private void write(World w) {
    phase = Phase.ACTIVE;
    if (w.chance(20)) {
      mark(w, ProxyModel.RANGE);
      for (int k = 0; k < w.rows.length; k++) {
        changes.put(k, w.value());
      }
    } else {
      int key = w.below(w.rows.length);
      mark(w, key);
      changes.put(key, w.value());
    }
  }

  private void mark(World w, int id) {
    if (w.holds(Rule.MARK_BEFORE_COMMIT)) {
      proxy.mark(id, this);
    } else {
      late.add(id);
    }
  }
}

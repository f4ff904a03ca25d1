package io.crossfade.dualwrite.dirty;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Random schedules of marks, commits, releases and re-reads against what the protocol must
 * guarantee: a key is not clean before a re-read that began after its last change.
 */
class EntriesPropertyTest {
  private static final TableName T = new TableName("s", "t");
  private static final int SESSIONS = 3;
  private static final int KEYS = 2;

  @Property(tries = 1500)
  void aKeyIsNotCleanBeforeItsLastChangeWasRead(
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 59) Integer> schedule)
      throws IOException {
    FakeDisk disk = new FakeDisk();
    JournaledDirtyStore store =
        JournaledDirtyStore.on(
            disk,
            new FakeFlag(),
            new DirtyStoreConfig(Path.of("unused")),
            List.of(T),
            new SimpleMeterRegistry(),
            Incidents.NONE);
    try {
      Oracle oracle = new Oracle(store);
      for (int step : schedule) {
        oracle.step(step);
        oracle.check();
      }
      oracle.quiesce();
    } finally {
      store.close();
    }
  }

  /** MySQL as a counter of changes per key, HBase as the count that was last written. */
  private static final class Oracle {
    private final DirtyStore store;
    private final Holder[] holders = new Holder[SESSIONS];
    private final List<List<Integer>> open = new ArrayList<>();
    private final int[] mysql = new int[KEYS];
    private final int[] hbase = new int[KEYS];
    private final Map<Picked, Integer> read = new HashMap<>();

    Oracle(DirtyStore store) {
      this.store = store;
      for (int s = 0; s < SESSIONS; s++) {
        holders[s] = store.open(new SessionId("u", s));
        open.add(new ArrayList<>());
      }
    }

    private static Key key(int k) {
      return new Key(new byte[] {(byte) k});
    }

    void step(int n) {
      int session = n % SESSIONS;
      int k = n / SESSIONS % KEYS;
      switch (n / (SESSIONS * KEYS)) {
        case 0, 1, 2 -> {
          store.mark(holders[session], T, List.of(key(k)), List.of());
          open.get(session).add(k);
        }
        case 3 -> commit(session);
        case 4 -> {
          commit(session);
          store.release(holders[session]);
        }
        case 5 -> {
          commit(session);
          store.touched(holders[session]);
        }
        case 6, 7 -> {
          for (Picked p : store.pick(T, 1)) {
            read.put(p, mysql[p.key().bytes()[0]]);
          }
        }
        default -> finish(n % 4 != 0);
      }
    }

    private void commit(int session) {
      open.get(session).forEach(k -> mysql[k]++);
      open.get(session).clear();
    }

    private void finish(boolean success) {
      if (read.isEmpty()) {
        return;
      }
      Map.Entry<Picked, Integer> e = read.entrySet().iterator().next();
      read.remove(e.getKey());
      if (success) {
        int k = e.getKey().key().bytes()[0];
        hbase[k] = Math.max(hbase[k], e.getValue());
        store.done(e.getKey());
      } else {
        store.failed(e.getKey());
      }
    }

    void check() {
      for (int k = 0; k < KEYS; k++) {
        if (!store.isDirty(T, key(k))) {
          assertThat(hbase[k]).as("key %d is clean", k).isEqualTo(mysql[k]);
          for (List<Integer> changes : open) {
            assertThat(changes).as("a clean key has no open change").doesNotContain(k);
          }
        }
      }
    }

    void quiesce() {
      for (int s = 0; s < SESSIONS; s++) {
        commit(s);
        store.release(holders[s]);
      }
      while (!read.isEmpty()) {
        finish(true);
      }
      List<Picked> picked;
      int rounds = 0;
      while (!(picked = store.pick(T, 10)).isEmpty()) {
        assertThat(rounds++).as("rounds to become clean").isLessThan(10);
        picked.forEach(p -> read.put(p, mysql[p.key().bytes()[0]]));
        while (!read.isEmpty()) {
          finish(true);
        }
      }
      assertThat(store.stats(T).keys()).isZero();
      assertThat(hbase).isEqualTo(mysql);
    }
  }
}

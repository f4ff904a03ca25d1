package io.crossfade.dualwrite.dirty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig.WhenUnrecordable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A crash in the middle of a batch, as a disk without transactions may leave it. */
class TornBatchTest {
  private static final TableName T = new TableName("s", "t");
  private static final int KEYS = 4;
  private static final int SESSIONS = 3;
  private static final int CRASHES = 60;

  @Test
  void nothingConfirmedIsLostNorItsHolderForgotten() throws Exception {
    for (int seed = 0; seed < CRASHES; seed++) {
      new Run(seed).crash();
    }
  }

  private static JournaledDirtyStore on(Disk disk) throws IOException {
    return JournaledDirtyStore.on(
        disk,
        new FakeFlag(),
        new DirtyStoreConfig(
            Path.of("unused"),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            WhenUnrecordable.REFUSE),
        List.of(T),
        new SimpleMeterRegistry(),
        Incidents.NONE);
  }

  private static Key key(int i) {
    return new Key(new byte[] {(byte) i});
  }

  /** One life of a store. */
  private static final class Run {
    private final int seed;
    private final Random random;
    private final FakeDisk platter = new FakeDisk();
    private final FaultyDisk disk = new FaultyDisk(platter);
    private final JournaledDirtyStore store;
    private final Holder[] holders = new Holder[SESSIONS];
    private final Set<Integer> confirmed = new HashSet<>();
    private final Map<Integer, Set<SessionId>> held = new HashMap<>();

    Run(int seed) throws IOException {
      this.seed = seed;
      this.random = new Random(seed);
      this.store = on(disk);
      for (int s = 0; s < SESSIONS; s++) {
        open(s);
      }
    }

    private void open(int s) {
      holders[s] = store.open(new SessionId("uuid", s));
    }

    void crash() throws Exception {
      try {
        for (int i = 0; i < 12; i++) {
          step(true);
        }
        disk.stall(true);
        store.mark(T, List.of(key(KEYS)), List.of(), "test");
        awaitNow(disk::waiting);
        for (int i = 0; i < 12; i++) {
          step(false);
        }
        store.mark(T, List.of(key(KEYS + 1)), List.of(), "test");
        disk.tear(random.nextInt(2), random);
        disk.stall(false);
        awaitNow(disk::torn);
        check();
      } finally {
        store.close();
      }
    }

    private static void awaitNow(Callable<Boolean> condition) {
      await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(condition);
    }

    private void step(boolean waits) throws Exception {
      switch (random.nextInt(3)) {
        case 0 -> mark(waits);
        case 1 -> end(random.nextInt(SESSIONS));
        default -> reRead();
      }
    }

    private void mark(boolean waits) throws Exception {
      int s = random.nextInt(SESSIONS);
      int k = random.nextInt(KEYS);
      CompletionStage<Void> stage = store.mark(holders[s], T, List.of(key(k)), List.of());
      if (waits) {
        stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        confirmed.add(k);
        held.computeIfAbsent(k, x -> new HashSet<>()).add(holders[s].session());
      }
    }

    private void end(int s) {
      SessionId id = holders[s].session();
      if (random.nextBoolean()) {
        store.release(holders[s]);
        store.unregister(holders[s]);
      } else {
        store.lost(holders[s]);
        store.ended(id);
      }
      held.values().forEach(ids -> ids.remove(id));
      open(s);
    }

    private void reRead() {
      store.pick(T, 2).forEach(store::done);
      confirmed.removeIf(k -> !store.isDirty(T, key(k)));
    }

    private void check() throws Exception {
      FakeDisk left = new FakeDisk(platter.afterCrash());
      try (JournaledDirtyStore next = on(left)) {
        Set<SessionId> undecided = next.undecided();
        for (int k : confirmed) {
          assertThat(next.isDirty(T, key(k))).as("key %d, seed %d", k, seed).isTrue();
          assertThat(undecided).as("seed %d", seed).containsAll(held.getOrDefault(k, Set.of()));
        }
      }
    }
  }
}

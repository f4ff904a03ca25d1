package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacklogTest {
  private static final TableName T = new TableName("social", "follower");

  @TempDir Path directory;
  private DirtyStore store;
  private Backlog backlog;

  @BeforeEach
  void open() {
    store =
        JournaledDirtyStore.open(
            new DirtyStoreConfig(directory.resolve("dirty")),
            List.of(T),
            new SimpleMeterRegistry(),
            Incidents.NONE);
    backlog = new Backlog(store, T, key -> new byte[] {key.bytes()[0]});
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void mark(int list, int item) {
    store.mark(T, List.of(new Key(new byte[] {(byte) list, (byte) item})), List.of(), "test");
  }

  private static Set<Integer> lists(List<Picked> batch) {
    Set<Integer> lists = new HashSet<>();
    batch.forEach(p -> lists.add((int) p.key().bytes()[0]));
    return lists;
  }

  @Test
  void keysOfOneListShareABatchAndTheNextWorkerTakesAnotherList() {
    for (int item = 0; item < 8; item++) {
      for (int list = 0; list < 2; list++) {
        mark(list, item);
      }
    }
    List<Picked> first = backlog.take(8);
    List<Picked> second = backlog.take(8);
    assertThat(lists(first)).containsExactly(0);
    assertThat(lists(second)).containsExactly(1);
    assertThat(first.size() + second.size()).isEqualTo(16);
    assertThat(backlog.take(8)).isEmpty();
  }

  @Test
  void aListLongerThanABatchDoesNotKeepTheOthersWaiting() {
    for (int item = 0; item < 100; item++) {
      mark(0, item);
    }
    mark(1, 0);
    Set<Integer> seen = new HashSet<>();
    int batches = 0;
    while (!seen.contains(1)) {
      List<Picked> batch = backlog.take(64);
      seen.addAll(lists(batch));
      backlog.worked(batch);
      batches++;
    }
    assertThat(batches).isLessThanOrEqualTo(2);
  }

  @Test
  void severalWorkersShareAListWhenThereIsNoOther() {
    for (int item = 0; item < 16; item++) {
      mark(0, item);
    }
    assertThat(backlog.take(8)).hasSize(8);
    assertThat(backlog.take(8)).hasSize(8);
  }

  @Test
  void everyKeyIsHandedOutOnce() {
    for (int i = 0; i < 120; i++) {
      mark(i % 11, i);
    }
    List<Key> seen = new ArrayList<>();
    List<Picked> batch;
    while (!(batch = backlog.take(7)).isEmpty()) {
      batch.forEach(p -> seen.add(p.key()));
      if (seen.size() % 3 != 0) {
        backlog.worked(batch);
      }
    }
    assertThat(seen).hasSize(120).doesNotHaveDuplicates();
  }
}

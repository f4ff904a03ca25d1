package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.hbase.StaleVersions;
import io.crossfade.dualwrite.hbase.WriteResult;
import io.crossfade.dualwrite.mirror.Brake.Work;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.hbase.DoNotRetryIOException;
import org.apache.hadoop.hbase.RegionTooBusyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys of a batch are done, given back, or set aside, whatever fails. */
class RereadsTest {
  private static final TableName T = new TableName("social", "follower");
  private static final int KEYS = 64;

  @TempDir Path directory;
  private DirtyStore store;
  private final Notice notice = new Notice(new SimpleMeterRegistry(), T.toString());
  private final Health health = new Health(notice, () -> {});
  private final Pace pace = new Pace();
  private final Brake brake = new Brake(notice);
  private final SetAside aside = new SetAside();
  private final Sides sides = new Sides();
  private Rereads rereads;

  /** MySQL and HBase, with keys that fail: the whole batch, or each by itself. */
  private static final class Sides implements Rereads.Way {
    private final Map<Key, Exception> batchFails = new HashMap<>();
    private final Map<Key, Throwable> keyFails = new HashMap<>();
    private final Set<Key> refusedTogether = new HashSet<>();
    private @Nullable Exception trouble;
    private int batches;

    @Override
    public WriteResult reread(List<Key> keys) throws SQLException, IOException {
      batches++;
      Set<Key> applied = new HashSet<>();
      Map<Key, Throwable> failed = new HashMap<>();
      for (Key key : keys) {
        Exception fatal = batchFails.get(key);
        if (fatal instanceof SQLException e) {
          throw e;
        }
        if (fatal instanceof RuntimeException e) {
          throw e;
        }
        Throwable own =
            keys.stream().anyMatch(refusedTogether::contains)
                ? new DoNotRetryIOException("Cell with size 99")
                : keyFails.get(key);
        if (own == null) {
          applied.add(key);
        } else {
          failed.put(key, own);
        }
      }
      return new WriteResult(applied, Set.of(), failed);
    }

    @Override
    public void look() throws Exception {
      if (trouble != null) {
        throw trouble;
      }
    }
  }

  @BeforeEach
  void open() {
    store =
        JournaledDirtyStore.open(
            new DirtyStoreConfig(directory.resolve("dirty")),
            List.of(T),
            new SimpleMeterRegistry(),
            Incidents.NONE);
    rereads = new Rereads(sides, store, aside, health, notice, pace, brake);
    pace.most(8);
    List<Key> keys = IntStream.range(0, KEYS).mapToObj(RereadsTest::key).toList();
    store.mark(T, keys, List.of(), "test");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Key key(int i) {
    return new Key(new byte[] {(byte) i});
  }

  private void reread() throws InterruptedException {
    rereads.reread(store.pick(T, KEYS));
  }

  private List<Integer> dirty() {
    List<Integer> dirty = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      if (store.isDirty(T, key(i))) {
        dirty.add(i);
      }
    }
    return dirty;
  }

  @Test
  void aKeyThatFailsByItselfIsSetAsideAndStaysDirty() throws InterruptedException {
    sides.keyFails.put(key(5), StaleVersions.unwritable());
    reread();
    assertThat(dirty()).containsExactly(5);
    assertThat(aside.size()).isEqualTo(1);
    assertThat(store.pick(T, KEYS)).as("no batch meets it again").isEmpty();
    assertThat(health.paused()).isEmpty();
    assertThat(notice.counted("set-asides")).isEqualTo(1);
  }

  @Test
  void aBatchThatFailsAsAWholeIsHalvedUntilTheCulpritIsAlone() throws InterruptedException {
    sides.batchFails.put(key(5), new IllegalArgumentException("unforeseen"));
    sides.batchFails.put(key(40), new SQLException("row too large", "HY000"));
    reread();
    assertThat(dirty()).containsExactly(5, 40);
    assertThat(aside.size()).isEqualTo(2);
    assertThat(sides.batches).isLessThan(4 * 7);
    assertThat(health.paused()).isEmpty();
  }

  @Test
  void aBatchWhoseWritesAllFailForAnUnforeseenReasonIsHalvedToo() throws InterruptedException {
    RuntimeException one = new IllegalArgumentException("KeyValue size too large");
    for (int i = 0; i < KEYS; i++) {
      sides.keyFails.put(key(i), one);
    }
    reread();
    assertThat(notice.counted("splits")).isEqualTo(KEYS - 1);
    assertThat(aside.size()).isEqualTo(KEYS);
  }

  @Test
  void keysThatHBaseRefusesForTheSakeOfANeighbourAreNotSetAside() throws InterruptedException {
    sides.refusedTogether.add(key(5));
    reread();
    assertThat(dirty()).containsExactly(5);
    assertThat(aside.size()).isEqualTo(1);
    assertThat(notice.counted("set-asides")).isEqualTo(1);
  }

  @Test
  void whenASideIsDownNothingIsSetAsideAndAllGoBack() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      pace.worked(10, 1_000);
    }
    sides.trouble = new IOException("no region server");
    for (int i = 0; i < KEYS; i++) {
      sides.keyFails.put(key(i), new IOException("no answer"));
    }
    reread();
    assertThat(aside.size()).isZero();
    assertThat(health.paused()).contains("hbase");
    assertThat(store.pick(T, KEYS)).hasSize(KEYS);
    assertThat(pace.limit()).isEqualTo(4);
  }

  @Test
  void aFailureOfMySqlsConnectionIsNotLookedInto() throws InterruptedException {
    sides.batchFails.put(key(5), new SQLException("gone away", "08S01"));
    reread();
    assertThat(sides.batches).isEqualTo(1);
    assertThat(health.paused()).contains("mysql");
    assertThat(store.pick(T, KEYS)).hasSize(KEYS);
  }

  @Test
  void keysOfABusyRegionWaitWhileTheOthersGoOn() throws InterruptedException {
    for (int i = 0; i < 8; i++) {
      sides.keyFails.put(key(i), new RegionTooBusyException("memstore"));
    }
    reread();
    assertThat(dirty()).hasSize(8);
    assertThat(aside.size()).isEqualTo(8);
    assertThat(health.paused()).isEmpty();
    assertThat(brake.factor(Work.BULK)).isLessThan(1);
    sides.keyFails.clear();
    aside.retryNow();
    while (aside.size() > 0) {
      assertThat(rereads.retryDue(KEYS)).isTrue();
    }
    assertThat(dirty()).isEmpty();
  }

  @Test
  void aKeyThatIsWellAgainIsDone() throws InterruptedException {
    sides.keyFails.put(key(5), StaleVersions.unwritable());
    reread();
    assertThat(rereads.retryDue(KEYS)).as("not at once").isFalse();
    aside.retryNow();
    assertThat(rereads.retryDue(KEYS)).isTrue();
    assertThat(dirty()).containsExactly(5);
    sides.keyFails.clear();
    aside.retryNow();
    assertThat(rereads.retryDue(KEYS)).isTrue();
    assertThat(dirty()).isEmpty();
    assertThat(aside.size()).isZero();
    assertThat(notice.counted("set-asides")).as("once for all its failures").isEqualTo(1);
  }

  @Test
  void aKeyMarkedAgainWhileItWasSetAsideIsReReadOnceMore() throws InterruptedException {
    sides.keyFails.put(key(5), StaleVersions.unwritable());
    reread();
    store.mark(T, List.of(key(5)), List.of(), "test");
    sides.keyFails.clear();
    aside.retryNow();
    rereads.retryDue(KEYS);
    assertThat(dirty()).containsExactly(5);
    reread();
    assertThat(dirty()).isEmpty();
  }

  @Test
  void aKeySetAsideIsForgottenByNobodyWhenASideFailsMeanwhile() throws InterruptedException {
    sides.keyFails.put(key(5), StaleVersions.unwritable());
    reread();
    sides.batchFails.put(key(5), new SQLException("gone away", "08S01"));
    aside.retryNow();
    rereads.retryDue(KEYS);
    assertThat(aside.size()).isEqualTo(1);
    assertThat(aside.report().toString()).contains("failures=1").contains("cell-too-large");
  }

  @Test
  void aVersionThatGrewOldIsReadAnewAtOnce() throws InterruptedException {
    sides.keyFails.put(key(5), StaleVersions.one());
    reread();
    assertThat(aside.size()).isZero();
    assertThat(health.paused()).isEmpty();
    assertThat(store.pick(T, KEYS)).hasSize(1);
  }
}

package io.crossfade.dualwrite.dirty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a real RocksDB: its contract, and what only RocksDB can show. */
class RocksDirtyStoreTest extends DirtyStoreTest {
  private static final TableName T = new TableName("social", "follower");
  private static final SessionId SESSION = new SessionId("uuid", 7);

  @TempDir Path directory;
  private int disks;

  @Override
  Disk newDisk() throws IOException {
    return new RocksDisk(directory.resolve("disk-" + disks++));
  }

  @Override
  Disk afterCrash(Disk crashed) throws IOException {
    Path copy = directory.resolve("disk-" + disks);
    copy(directory.resolve("disk-" + (disks - 1)), copy);
    return newDisk();
  }

  @Override
  Duration stallLimit() {
    return Duration.ofMillis(500);
  }

  private static JournaledDirtyStore open(Path at) {
    return JournaledDirtyStore.open(
        new DirtyStoreConfig(at), List.of(T), new SimpleMeterRegistry(), Incidents.NONE);
  }

  private static Key key(int i) {
    return new Key(ByteBuffer.allocate(16).putLong(i % 1000).putLong(i).array());
  }

  @Test
  void whatWasConfirmedIsInACopyTakenWhileRunning() throws Exception {
    Path at = directory.resolve("store");
    Path copy = directory.resolve("copy");
    try (JournaledDirtyStore s = open(at)) {
      Holder h = s.open(SESSION);
      for (int i = 0; i < 500; i++) {
        s.mark(h, T, List.of(key(i)), List.of()).toCompletableFuture().get(10, TimeUnit.SECONDS);
      }
      copy(at, copy);
    }
    try (JournaledDirtyStore s = open(copy)) {
      assertThat(s.stats(T).keys()).isEqualTo(500);
      assertThat(s.undecided()).containsExactly(SESSION);
    }
  }

  /** The files as they were at one moment: RocksDB may be tidying them up meanwhile. */
  private static void copy(Path from, Path to) throws IOException {
    for (int attempt = 0; ; attempt++) {
      Path target = Files.createDirectory(to.resolveSibling(to.getFileName() + "-" + attempt));
      try {
        Map<Path, Long> before = sizes(from);
        for (Path f : before.keySet()) {
          Path copied = target.resolve(from.relativize(f));
          Files.createDirectories(copied.getParent());
          Files.copy(f, copied);
        }
        if (sizes(from).equals(before)) {
          Files.move(target, to);
          return;
        }
      } catch (NoSuchFileException | UncheckedIOException moved) {
        assertThat(attempt).as("%s changes all the time", from).isLessThan(50);
      }
    }
  }

  private static Map<Path, Long> sizes(Path directory) throws IOException {
    Map<Path, Long> sizes = new HashMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path f : files.filter(Files::isRegularFile).toList()) {
        sizes.put(f, Files.size(f));
      }
    }
    return sizes;
  }

  @Test
  void refusesAStoreOfANewerFormat() throws IOException {
    Path at = directory.resolve("store");
    open(at).close();
    try (RocksDisk disk = new RocksDisk(at.resolve("rocks"))) {
      disk.write(
          Map.of(new RecordKey(Records.FORMAT_KEY), Records.number(Records.FORMAT + 1)), true);
    }
    assertThatThrownBy(() -> open(at))
        .isInstanceOf(DirtyStoreException.class)
        .hasMessageContaining("newer version");
  }

  @Test
  void refusesAStoreThatIsInUse() {
    Path at = directory.resolve("store");
    try (JournaledDirtyStore s = open(at)) {
      assertThat(s.tables()).containsExactly(T);
      assertThatThrownBy(() -> open(at))
          .isInstanceOf(DirtyStoreException.class)
          .hasMessageContaining("another proxy");
    }
  }

  @Test
  void startsWithEverythingDirtyWhenTheDebtFlagIsSet() throws IOException {
    Path at = directory.resolve("store");
    open(at).close();
    try (FileDebtFlag flag = new FileDebtFlag(at.resolve("debt"))) {
      assertThat(flag.isSet()).isFalse();
      flag.set();
    }
    for (int i = 0; i < 2; i++) {
      try (JournaledDirtyStore s = open(at)) {
        assertThat(s.ranges(T)).containsExactly(KeyRange.ALL);
      }
    }
    try (FileDebtFlag flag = new FileDebtFlag(at.resolve("debt"))) {
      assertThat(flag.isSet()).isFalse();
    }
  }

  @Test
  void holdsAMillionKeys() throws Exception {
    Path at = directory.resolve("store");
    int million = 1_000_000;
    try (JournaledDirtyStore s = open(at)) {
      List<CompletableFuture<Void>> last = new ArrayList<>();
      for (int i = 0; i < million; i += 1000) {
        List<Key> keys = new ArrayList<>(1000);
        for (int k = i; k < i + 1000; k++) {
          keys.add(key(k));
        }
        last.add(s.mark(T, keys, List.of(), "test").toCompletableFuture());
      }
      CompletableFuture.allOf(last.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
      assertThat(s.stats(T).keys()).isEqualTo(million);
      assertThat(s.pick(T, 1000)).hasSize(1000);
    }
    try (JournaledDirtyStore s = open(at)) {
      assertThat(s.stats(T).keys()).isEqualTo(million);
      long removed = 0;
      List<Picked> picked;
      while (!(picked = s.pick(T, 10_000)).isEmpty()) {
        picked.forEach(s::done);
        removed += picked.size();
      }
      assertThat(removed).isEqualTo(million);
      assertThat(s.stats(T).keys()).isZero();
    }
  }
}

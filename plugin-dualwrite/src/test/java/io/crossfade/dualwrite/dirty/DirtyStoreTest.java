package io.crossfade.dualwrite.dirty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig.WhenUnrecordable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store's contract. Here on a disk in memory; subclasses play the same tests on real ones. */
class DirtyStoreTest {
  private static final TableName T = new TableName("social", "follower");
  private static final SessionId ONE = new SessionId("uuid", 1);
  private static final SessionId TWO = new SessionId("uuid", 2);

  private final FakeFlag flag = new FakeFlag();
  private Duration flagLimit = Duration.ofMillis(200);
  private final List<String> incidents = new CopyOnWriteArrayList<>();
  private final List<JournaledDirtyStore> stores = new ArrayList<>();
  private final List<FaultyDisk> disks = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private FaultyDisk disk = new FaultyDisk(new FakeDisk());

  /** A new, empty disk. */
  Disk newDisk() throws IOException {
    return new FakeDisk();
  }

  /** A disk with what a crash now would leave of one that {@link #newDisk} or this has made. */
  Disk afterCrash(Disk crashed) throws IOException {
    return new FakeDisk(((FakeDisk) crashed).afterCrash());
  }

  /** Longer than a write to the disk takes on a busy machine. */
  Duration stallLimit() {
    return Duration.ofMillis(40);
  }

  @BeforeEach
  void makeDisk() throws IOException {
    use(newDisk());
  }

  private void use(Disk next) {
    disk = new FaultyDisk(next);
    disks.add(disk);
  }

  @AfterEach
  void closeStores() {
    disks.forEach(d -> d.stall(false));
    disks.forEach(d -> d.fail(false));
    flag.stall(false);
    stores.forEach(JournaledDirtyStore::close);
    disks.stream().filter(d -> !d.loaded()).forEach(FaultyDisk::close);
  }

  private JournaledDirtyStore open(WhenUnrecordable policy) {
    Incidents told =
        new Incidents() {
          @Override
          public void debt(String reason) {
            incidents.add("debt");
          }

          @Override
          public void debtPaid() {
            incidents.add("paid");
          }

          @Override
          public void unrecorded(String reason) {
            incidents.add("unrecorded");
          }
        };
    try {
      JournaledDirtyStore s =
          JournaledDirtyStore.on(
              disk,
              flag,
              new DirtyStoreConfig(Path.of("unused"), stallLimit(), flagLimit, policy),
              List.of(T),
              meters,
              told);
      stores.add(s);
      return s;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JournaledDirtyStore open() {
    return open(WhenUnrecordable.REFUSE);
  }

  private JournaledDirtyStore crashAndReopen() {
    try {
      use(afterCrash(disk.disk()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return open();
  }

  private static Key key(int i) {
    return new Key(new byte[] {(byte) i});
  }

  private static void join(CompletionStage<Void> stage) {
    stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static Picked pickOne(DirtyStore s) {
    List<Picked> picked = s.pick(T, 10);
    assertThat(picked).hasSize(1);
    return picked.get(0);
  }

  @Test
  void keepsAKeyThatIsHeldUntilItIsReReadAfterTheRelease() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(key(1)), List.of()));
    assertThat(s.pick(T, 10)).isEmpty();
    s.touched(h);
    Picked held = pickOne(s);
    assertThat(held.removable()).isFalse();
    s.done(held);
    assertThat(s.pick(T, 10)).isEmpty();
    assertThat(s.isDirty(T, key(1))).isTrue();
    s.release(h);
    Picked free = pickOne(s);
    assertThat(free.removable()).isTrue();
    assertThat(s.pick(T, 10)).isEmpty();
    s.done(free);
    assertThat(s.isDirty(T, key(1))).isFalse();
    assertThat(h.holding()).isFalse();
  }

  @Test
  void keepsAKeyThatWasMarkedAgainWhileItWasReRead() {
    JournaledDirtyStore s = open();
    join(s.mark(T, List.of(key(1)), List.of(), "test"));
    Picked first = pickOne(s);
    join(s.mark(T, List.of(key(1)), List.of(), "test"));
    s.done(first);
    Picked second = pickOne(s);
    assertThat(second.generation()).isGreaterThan(first.generation());
    s.failed(second);
    s.done(pickOne(s));
    assertThat(s.stats(T).keys()).isZero();
  }

  @Test
  void releaseBetweenPickAndDoneCausesAnotherReRead() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(key(1)), List.of()));
    s.touched(h);
    Picked p = pickOne(s);
    s.release(h);
    s.done(p);
    assertThat(pickOne(s).removable()).isTrue();
  }

  @Test
  void twoHoldersBothMustLetGo() {
    JournaledDirtyStore s = open();
    Holder a = s.open(ONE);
    Holder b = s.open(TWO);
    join(s.mark(a, T, List.of(key(1)), List.of()));
    join(s.mark(b, T, List.of(key(1)), List.of()));
    s.release(a);
    Picked p = pickOne(s);
    assertThat(p.removable()).isFalse();
    s.done(p);
    s.release(b);
    assertThat(pickOne(s).removable()).isTrue();
  }

  @Test
  void whatWasConfirmedSurvivesACrashAndIsHeldByTheDeadSessions() {
    JournaledDirtyStore before = open();
    Holder h = before.open(ONE);
    join(before.mark(h, T, List.of(key(1)), List.of(KeyRange.prefix(new byte[] {7}))));
    JournaledDirtyStore s = crashAndReopen();
    assertThat(s.undecided()).containsExactly(ONE);
    Picked p = pickOne(s);
    assertThat(p.removable()).isFalse();
    s.done(p);
    PickedRange r = s.pickRanges(T, 10).get(0);
    assertThat(r.range()).isEqualTo(KeyRange.prefix(new byte[] {7}));
    s.failed(r);
    s.ended(ONE);
    assertThat(s.undecided()).isEmpty();
    s.done(pickOne(s));
    s.done(s.pickRanges(T, 10).get(0));
    assertThat(s.stats(T).keys() + s.stats(T).ranges()).isZero();
  }

  @Test
  void anInheritedEntryStaysUntilAllDeadSessionsHaveEnded() {
    JournaledDirtyStore before = open();
    join(before.mark(before.open(ONE), T, List.of(key(1)), List.of()));
    join(before.mark(before.open(TWO), T, List.of(key(2)), List.of()));
    JournaledDirtyStore s = crashAndReopen();
    s.ended(ONE);
    assertThat(s.pick(T, 10)).noneMatch(Picked::removable);
    JournaledDirtyStore again = crashAndReopen();
    assertThat(again.undecided()).contains(TWO);
    again.ended(ONE);
    again.ended(TWO);
    assertThat(again.pick(T, 10)).hasSize(2).allMatch(Picked::removable);
  }

  @Test
  void aLostSessionHoldsUntilItHasEnded() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(key(1)), List.of()));
    s.lost(h);
    assertThat(s.undecided()).containsExactly(ONE);
    s.done(pickOne(s));
    assertThat(s.pick(T, 10)).isEmpty();
    s.retryUndecided();
    s.done(pickOne(s));
    s.ended(ONE);
    s.done(pickOne(s));
    assertThat(s.isDirty(T, key(1))).isFalse();
  }

  @Test
  void aNewSessionOfTheSameIdProvesThatTheOldOneHasEnded() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(key(1)), List.of()));
    s.lost(h);
    s.open(ONE);
    await().untilAsserted(() -> assertThat(s.undecided()).isEmpty());
    await().untilAsserted(() -> assertThat(s.pick(T, 1)).allMatch(Picked::removable).hasSize(1));
  }

  @Test
  void aPreparedTransactionHoldsBeyondItsSession() {
    JournaledDirtyStore s = open();
    Xid xid = Xid.of(1, new byte[] {1}, new byte[0]);
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(key(1)), List.of()));
    join(s.preparing(h, xid));
    assertThat(s.prepared()).as("XA PREPARE is not answered yet").isEmpty();
    s.ended(xid);
    s.release(h);
    assertThat(s.prepared()).containsExactly(xid);
    Picked p = pickOne(s);
    assertThat(p.removable()).isFalse();
    s.done(p);
    JournaledDirtyStore restarted = crashAndReopen();
    assertThat(restarted.prepared()).as("its session may still be preparing it").isEmpty();
    restarted.ended(ONE);
    assertThat(restarted.prepared()).containsExactly(xid);
    assertThat(restarted.pick(T, 1)).noneMatch(Picked::removable);
    restarted.ended(xid);
    s.ended(xid);
    assertThat(pickOne(s).removable()).isTrue();
  }

  @Test
  void aTicketIsBrokenByAMarkInItsRangesOnly() {
    JournaledDirtyStore s = open();
    List<KeyRange> list = List.of(KeyRange.prefix(new byte[] {5}));
    var ticket = s.clean(T, list).orElseThrow();
    join(s.mark(T, List.of(key(4)), List.of(), "test"));
    assertThat(s.stillClean(ticket)).isTrue();
    join(s.mark(T, List.of(new Key(new byte[] {5, 1})), List.of(), "test"));
    s.pick(T, 10).forEach(s::done);
    assertThat(s.stats(T).keys()).isZero();
    assertThat(s.stillClean(ticket)).as("dirty and clean again in between").isFalse();
    assertThat(s.clean(T, list)).isPresent();
    join(s.mark(T, List.of(), List.of(KeyRange.ALL), "test"));
    assertThat(s.clean(T, list)).isEmpty();
  }

  @Test
  void remarkingADurableKeyCostsNoWrite() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(key(1)), List.of()));
    int syncs = disk.syncs.get();
    for (int i = 0; i < 100; i++) {
      CompletionStage<Void> stage = s.mark(h, T, List.of(key(1)), List.of());
      assertThat(stage.toCompletableFuture()).isCompleted();
    }
    assertThat(disk.syncs.get()).isEqualTo(syncs);
  }

  @Test
  void marksThatComeTogetherAreCommittedTogether() {
    JournaledDirtyStore s = open();
    disk.stall(true);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    int syncs = disk.syncs.get();
    for (int i = 0; i < 100; i++) {
      all.add(s.mark(T, List.of(key(i)), List.of(), "test").toCompletableFuture());
    }
    disk.stall(false);
    all.forEach(DirtyStoreTest::join);
    await().untilAsserted(() -> assertThat(disk.syncs.get()).isBetween(syncs + 1, syncs + 3));
  }

  @Test
  void aStallSetsTheDebtFlagAndTheWriteGoesOn() {
    JournaledDirtyStore s = open();
    disk.stall(true);
    join(s.mark(s.open(ONE), T, List.of(key(1)), List.of()));
    assertThat(flag.set).isTrue();
    assertThat(s.mark(T, List.of(key(2)), List.of(), "test").toCompletableFuture()).isCompleted();
    await().untilAsserted(() -> assertThat(incidents).contains("debt"));
    disk.stall(false);
    await().untilAsserted(() -> assertThat(flag.set).isFalse());
    await().untilAsserted(() -> assertThat(incidents).contains("paid"));
    assertThat(crashAndReopen().stats(T).keys()).isEqualTo(2);
  }

  @Test
  void aFullDiskSetsTheDebtFlagAndIsTriedAgain() {
    JournaledDirtyStore s = open();
    disk.fail(true);
    join(s.mark(T, List.of(key(1)), List.of(), "test"));
    assertThat(flag.set).isTrue();
    disk.fail(false);
    await().untilAsserted(() -> assertThat(flag.set).isFalse());
    assertThat(crashAndReopen().isDirty(T, key(1))).isTrue();
  }

  @Test
  void aCrashInDebtMakesEverythingDirtyAndNobodyKnownToHaveEnded() {
    JournaledDirtyStore s = open();
    disk.stall(true);
    join(s.mark(s.open(ONE), T, List.of(key(1)), List.of()));
    FaultyDisk old = disk;
    JournaledDirtyStore restarted = crashAndReopen();
    assertThat(restarted.ranges(T)).containsExactly(KeyRange.ALL);
    assertThat(restarted.undecided()).containsExactly(SessionId.ANY);
    PickedRange p = restarted.pickRanges(T, 1).get(0);
    assertThat(p.removable()).isFalse();
    restarted.failed(p);
    restarted.ended(SessionId.ANY);
    assertThat(restarted.pickRanges(T, 1).get(0).removable()).isTrue();
    old.stall(false);
  }

  @Test
  void refusesWhenNotEvenTheFlagCanBeWritten() {
    JournaledDirtyStore s = open();
    flag.failing = true;
    disk.stall(true);
    Holder h = s.open(ONE);
    assertThatThrownBy(() -> join(s.mark(h, T, List.of(key(1)), List.of())))
        .hasCauseInstanceOf(DebtException.class);
    assertThatThrownBy(() -> join(s.durable(h))).hasCauseInstanceOf(DebtException.class);
    disk.stall(false);
    await().untilAsserted(() -> join(s.durable(h)));
  }

  @Test
  void forwardsWhenNotEvenTheFlagCanBeWrittenAndTheSettingSaysSo() {
    JournaledDirtyStore s = open(WhenUnrecordable.FORWARD);
    flag.failing = true;
    disk.stall(true);
    join(s.mark(T, List.of(key(1)), List.of(), "test"));
    await().untilAsserted(() -> assertThat(incidents).contains("unrecorded"));
    assertThat(meters.counter("crossfade.dirty.abnormal", "path", "forwarded-unrecorded").count())
        .isPositive();
  }

  /** A disk that takes its time for both delays the application; it does not fail it (I2). */
  @Test
  void aFlagThatIsSlowDelaysAWriteAndRefusesNone() {
    flagLimit = Duration.ofSeconds(30);
    JournaledDirtyStore s = open();
    flag.stall(true);
    disk.stall(true);
    CompletableFuture<Void> mark =
        s.mark(s.open(ONE), T, List.of(key(1)), List.of()).toCompletableFuture();
    await()
        .during(stallLimit().multipliedBy(4))
        .atMost(Duration.ofSeconds(20))
        .until(() -> !mark.isDone());
    flag.stall(false);
    join(mark);
    assertThat(flag.set).isTrue();
    disk.stall(false);
  }

  @Test
  void noMarkWaitsLongThoughDiskAndFlagBothHang() {
    JournaledDirtyStore s = open();
    flag.stall(true);
    disk.stall(true);
    Holder h = s.open(ONE);
    List<CompletionStage<Void>> waiting = new ArrayList<>();
    waiting.add(s.mark(h, T, List.of(key(1)), List.of()));
    waiting.add(s.durable(h));
    waiting.add(s.preparing(h, Xid.ANY));
    waiting.add(s.mark(T, List.of(), List.of(KeyRange.ALL), "test"));
    for (CompletionStage<Void> stage : waiting) {
      // one stall limit for the disk, one for the flag; the rest is for a busy machine
      assertThatThrownBy(() -> stage.toCompletableFuture().get(3, TimeUnit.SECONDS))
          .hasCauseInstanceOf(DebtException.class);
    }
    assertThat(s.mark(T, List.of(key(2)), List.of(), "test").toCompletableFuture())
        .isCompletedExceptionally();
    disk.stall(false);
    await().untilAsserted(() -> join(s.durable(h)));
    disk.stall(true);
    CompletionStage<Void> again = s.mark(h, T, List.of(key(3)), List.of());
    assertThatThrownBy(() -> again.toCompletableFuture().get(3, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DebtException.class);
  }

  @Test
  void forwardsSoonThoughDiskAndFlagBothHangAndTheSettingSaysSo() throws Exception {
    JournaledDirtyStore s = open(WhenUnrecordable.FORWARD);
    flag.stall(true);
    disk.stall(true);
    s.mark(T, List.of(key(1)), List.of(), "test").toCompletableFuture().get(3, TimeUnit.SECONDS);
    await().untilAsserted(() -> assertThat(incidents).contains("unrecorded"));
  }

  @Test
  void namedValuesAreDurableWhenPutReturns() {
    JournaledDirtyStore s = open();
    s.put("stage/a", new byte[] {1});
    s.put("stage/b", new byte[] {2});
    s.put("other", new byte[] {3});
    s.remove("stage/a");
    JournaledDirtyStore restarted = crashAndReopen();
    assertThat(restarted.get("stage/b")).hasValue(new byte[] {2});
    assertThat(restarted.values("stage/")).containsOnlyKeys("stage/b");
  }

  @Test
  void findsEverythingAgainAfterAClose() {
    JournaledDirtyStore before = open();
    before.mark(before.open(ONE), T, List.of(key(1)), List.of(KeyRange.prefix(new byte[] {1})));
    before.put("cursor", new byte[] {9});
    before.close();
    JournaledDirtyStore s = crashAndReopen();
    assertThat(s.isDirty(T, key(1))).isTrue();
    assertThat(s.ranges(T)).containsExactly(KeyRange.prefix(new byte[] {1}));
    assertThat(s.undecided()).containsExactly(ONE);
    assertThat(s.get("cursor")).hasValue(new byte[] {9});
    s.ended(ONE);
    s.pick(T, 10).forEach(s::done);
    s.pickRanges(T, 10).forEach(s::done);
    s.close();
    JournaledDirtyStore last = crashAndReopen();
    assertThat(last.stats(T).keys() + last.stats(T).ranges()).isZero();
    assertThat(last.undecided()).isEmpty();
  }

  @Test
  void theLastValueOfANameWinsOverManyRestarts() {
    for (int i = 1; i <= 4; i++) {
      JournaledDirtyStore s = i == 1 ? open() : crashAndReopen();
      assertThat(s.get("cursor").map(v -> (int) v[0]).orElse(0)).isEqualTo(i - 1);
      s.put("cursor", new byte[] {(byte) i});
    }
    crashAndReopen().remove("cursor");
    assertThat(crashAndReopen().get("cursor")).isEmpty();
  }

  private static final KeyRange R = KeyRange.prefix(new byte[] {7});

  @Test
  void narrowingPutsKeysInThePlaceOfARange() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    join(s.narrow(h, T, List.of(R), List.of(key(1), key(2))));
    assertThat(s.ranges(T)).isEmpty();
    assertThat(s.isDirty(T, key(7))).isFalse();
    assertThat(s.isDirty(T, key(1))).isTrue();
    assertThat(h.holding()).isTrue();
    assertThat(s.pick(T, 10)).as("still held").isEmpty();
    s.release(h);
    assertThat(s.pick(T, 10)).hasSize(2);
    assertThat(s.pickRanges(T, 10)).isEmpty();
  }

  @Test
  void aCrashBeforeANarrowingIsDurableFindsTheRange() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    disk.stall(true);
    CompletionStage<Void> narrowed = s.narrow(h, T, List.of(R), List.of(key(1)));
    assertThat(narrowed.toCompletableFuture()).isNotDone();
    assertThat(crashAndReopen().ranges(T)).containsExactly(R);
  }

  @Test
  void aCrashAfterANarrowingFindsTheKeys() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    join(s.narrow(h, T, List.of(R), List.of(key(1))));
    assertThat(crashAndReopen().isDirty(T, key(1))).isTrue();
  }

  @Test
  void aNarrowedRangeIsGoneAfterARestart() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    join(s.narrow(h, T, List.of(R), List.of(key(1))));
    s.close();
    JournaledDirtyStore again = crashAndReopen();
    assertThat(again.ranges(T)).isEmpty();
    assertThat(again.isDirty(T, key(1))).isTrue();
  }

  @Test
  void aRangeThatAnotherSessionMarkedTooStays() {
    JournaledDirtyStore s = open();
    Holder one = s.open(ONE);
    Holder two = s.open(TWO);
    join(s.mark(one, T, List.of(), List.of(R)));
    join(s.mark(two, T, List.of(), List.of(R)));
    join(s.narrow(one, T, List.of(R), List.of(key(1))));
    assertThat(s.ranges(T)).containsExactly(R);
    s.release(one);
    assertThat(s.pickRanges(T, 10)).as("held by the other").isEmpty();
    s.release(two);
    assertThat(s.pickRanges(T, 10)).singleElement().matches(PickedRange::removable);
  }

  @Test
  void bothSessionsThatMarkedARangeMayNarrowIt() {
    JournaledDirtyStore s = open();
    Holder one = s.open(ONE);
    Holder two = s.open(TWO);
    join(s.mark(one, T, List.of(), List.of(R)));
    join(s.mark(two, T, List.of(), List.of(R)));
    join(s.narrow(one, T, List.of(R), List.of(key(1))));
    join(s.narrow(two, T, List.of(R), List.of(key(2))));
    assertThat(s.ranges(T)).isEmpty();
    assertThat(s.isDirty(T, key(1)) && s.isDirty(T, key(2))).isTrue();
  }

  @Test
  void aRangeThatAReleasedSessionMarkedStays() {
    JournaledDirtyStore s = open();
    Holder one = s.open(ONE);
    Holder two = s.open(TWO);
    join(s.mark(one, T, List.of(), List.of(R)));
    join(s.mark(two, T, List.of(), List.of(R)));
    s.release(two);
    join(s.narrow(one, T, List.of(R), List.of(key(1))));
    assertThat(s.ranges(T)).containsExactly(R);
    assertThat(s.pickRanges(T, 10)).singleElement().matches(PickedRange::removable);
  }

  @Test
  void aRangeThatAnotherStatementOfTheSessionMarkedTooStays() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    join(s.mark(h, T, List.of(), List.of(R)));
    join(s.narrow(h, T, List.of(R), List.of(key(1))));
    assertThat(s.ranges(T)).containsExactly(R);
    assertThat(s.pickRanges(T, 10)).as("still held").isEmpty();
    s.release(h);
    assertThat(s.pickRanges(T, 10)).hasSize(1);
  }

  @Test
  void aRangeWithoutHolderIsNeverNarrowedAway() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(T, List.of(), List.of(R), "failover"));
    join(s.mark(h, T, List.of(), List.of(R)));
    PickedRange early = s.pickRanges(T, 10).get(0);
    join(s.narrow(h, T, List.of(R), List.of(key(1))));
    assertThat(s.ranges(T)).containsExactly(R);
    s.done(early);
    assertThat(s.pickRanges(T, 10)).as("its generation was raised").hasSize(1);
  }

  @Test
  void aRangeThatIsBeingReconciledIsNotTakenAway() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    s.touched(h);
    PickedRange picked = s.pickRanges(T, 10).get(0);
    join(s.narrow(h, T, List.of(R), List.of(key(1))));
    assertThat(s.ranges(T)).containsExactly(R);
    s.done(picked);
    PickedRange again = s.pickRanges(T, 10).get(0);
    s.done(again);
    assertThat(s.ranges(T)).isEmpty();
    assertThat(s.stats(T).inFlight()).isZero();
  }

  @Test
  void anInheritedRangeIsNotTakenAway() {
    JournaledDirtyStore first = open();
    Holder dead = first.open(TWO);
    join(first.mark(dead, T, List.of(), List.of(R)));
    JournaledDirtyStore s = crashAndReopen();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    join(s.narrow(h, T, List.of(R), List.of(key(1))));
    assertThat(s.ranges(T)).containsExactly(R);
  }

  @Test
  void entrustedRangesStayDirtyWhileTheKeysAreReleased() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(key(7)), List.of(R)));
    assertThat(s.entrust(h)).isPresent();
    assertThat(h.holding()).isFalse();
    assertThat(s.pick(T, 10)).hasSize(1);
    assertThat(s.ranges(T)).containsExactly(R);
    assertThat(s.pickRanges(T, 10)).as("its keys are asked for").isEmpty();
  }

  @Test
  void withoutARangeThereIsNothingToEntrust() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(key(1)), List.of()));
    assertThat(s.entrust(h)).isEmpty();
    assertThat(s.pick(T, 10)).singleElement().matches(Picked::removable);
  }

  @Test
  void entrustedRangesAreExchangedForKeys() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R, KeyRange.ALL)));
    join(s.mark(h, T, List.of(), List.of(R)));
    s.settle(s.entrust(h).orElseThrow(), Map.of(T, List.of(key(1), key(2))));
    assertThat(s.ranges(T)).isEmpty();
    assertThat(s.pick(T, 10)).hasSize(2).allMatch(Picked::removable);
    s.close();
    JournaledDirtyStore again = crashAndReopen();
    assertThat(again.ranges(T)).isEmpty();
    assertThat(again.isDirty(T, key(1)) && again.isDirty(T, key(2))).isTrue();
  }

  @Test
  void entrustedRangesWhoseKeysAreNotKnownAreReleased() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    s.settle(s.entrust(h).orElseThrow(), Map.of());
    assertThat(s.pickRanges(T, 10)).singleElement().matches(PickedRange::removable);
  }

  @Test
  void aCrashWhileRangesAreEntrustedFindsThem() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    assertThat(s.entrust(h)).isPresent();
    s.unregister(h);
    JournaledDirtyStore again = crashAndReopen();
    again.undecided().forEach(again::ended);
    assertThat(again.pickRanges(T, 10)).singleElement().matches(PickedRange::removable);
  }

  @Test
  void aCrashBeforeTheKeysOfEntrustedRangesAreDurableFindsTheRanges() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    Holder entrusted = s.entrust(h).orElseThrow();
    disk.stall(true);
    s.settle(entrusted, Map.of(T, List.of(key(1))));
    assertThat(crashAndReopen().ranges(T)).containsExactly(R);
  }

  @Test
  void anEntrustedRangeThatTheSessionMarkedAnewStays() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    Holder entrusted = s.entrust(h).orElseThrow();
    join(s.mark(h, T, List.of(), List.of(R)));
    s.settle(entrusted, Map.of(T, List.of(key(1))));
    assertThat(s.ranges(T)).containsExactly(R);
    assertThat(s.pickRanges(T, 10)).as("held by its next transaction").isEmpty();
    s.release(h);
    assertThat(s.pickRanges(T, 10)).hasSize(1);
  }

  @Test
  void anEntrustedRangeThatIsPreparedUnderAnXidStaysUntilThatHasEnded() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    Xid xid = Xid.of(1, new byte[] {1}, new byte[0]);
    join(s.preparing(h, xid));
    s.settle(s.entrust(h).orElseThrow(), Map.of(T, List.of()));
    assertThat(s.ranges(T)).containsExactly(R);
    assertThat(s.prepared()).as("its XA PREPARE was answered").containsExactly(xid);
    s.ended(xid);
    assertThat(s.pickRanges(T, 10)).singleElement().matches(PickedRange::removable);
  }

  @Test
  void aNarrowedRangeCanBeMarkedAnew() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    for (int i = 1; i < 4; i++) {
      join(s.mark(h, T, List.of(), List.of(R)));
      assertThat(s.ranges(T)).containsExactly(R);
      join(s.narrow(h, T, List.of(R), List.of(key(i))));
      assertThat(s.ranges(T)).isEmpty();
    }
    join(s.mark(h, T, List.of(), List.of(R)));
    assertThat(crashAndReopen().ranges(T)).containsExactly(R);
  }

  @Test
  void narrowingToNothingLeavesNothing() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    join(s.mark(h, T, List.of(), List.of(R)));
    join(s.narrow(h, T, List.of(R), List.of()));
    assertThat(h.holding()).isFalse();
    assertThat(s.ranges(T)).isEmpty();
  }

  @Test
  void aReaderSeesTheKeysThatTookThePlaceOfARange() {
    JournaledDirtyStore s = open();
    Holder h = s.open(ONE);
    var ticket = s.clean(T, List.of(KeyRange.of(key(1)))).orElseThrow();
    join(s.mark(h, T, List.of(), List.of(R)));
    assertThat(s.stillClean(ticket)).isTrue();
    join(s.narrow(h, T, List.of(R), List.of(key(1))));
    assertThat(s.stillClean(ticket)).isFalse();
    assertThat(s.clean(T, List.of(KeyRange.of(key(1))))).isEmpty();
  }
}

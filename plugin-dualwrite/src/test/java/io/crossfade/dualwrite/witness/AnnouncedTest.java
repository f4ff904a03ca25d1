package io.crossfade.dualwrite.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.capture.Announcements;
import io.crossfade.dualwrite.dirty.SessionId;
import io.crossfade.dualwrite.witness.Tally.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Announcements against the transactions of a binlog. */
class AnnouncedTest {
  private static final TableName TABLE = new TableName("social", "follower");
  private static final TableName OTHER = new TableName("social", "post");
  private static final SessionId SESSION = new SessionId("uuid", 7);

  private final AtomicInteger forgotten = new AtomicInteger();
  private final Announced announced = new Announced(8, List.of(TABLE), forgotten::incrementAndGet);
  private final List<Change> marked = new ArrayList<>();

  @BeforeEach
  void open() {
    announced.opened(SESSION);
  }

  private static Key key(int n) {
    return new Key(new byte[] {(byte) n});
  }

  private void announce(int... keys) {
    for (int n : keys) {
      announced.marked(SESSION, TABLE, List.of(key(n)), List.of());
    }
    announced.released(SESSION, null);
  }

  private Tally binlog(int... keys) {
    Transaction t = new Transaction(SESSION, Kind.BYPASSED, announced.of(SESSION), marked::add);
    for (int n : keys) {
      t.change(Change.of(TABLE, key(n)));
    }
    announced.seen(SESSION, t.changes());
    t.matched().ifPresent(marks -> announced.met(SESSION, marks));
    return Objects.requireNonNull(t.tallies().get(TABLE));
  }

  @Test
  void aTransactionIsAnnouncedByOneSetThatCoversIt() {
    announce(1, 2);
    assertThat(binlog(1, 2).of(Kind.ANNOUNCED)).isEqualTo(2);
    assertThat(marked).isEmpty();
  }

  @Test
  void aTransactionThatTwoSetsCoverOnlyTogetherIsMarkedWhole() {
    announce(1);
    announce(2);
    Tally tally = binlog(1, 2);
    assertThat(tally.of(Kind.BYPASSED)).isEqualTo(1);
    assertThat(marked).containsExactly(Change.of(TABLE, key(1)), Change.of(TABLE, key(2)));
  }

  @Test
  void whatIsPassedProvesNothingAnyMore() {
    announce(1);
    announce(2);
    binlog(2);
    assertThat(binlog(1).of(Kind.BYPASSED)).isEqualTo(1);
  }

  @Test
  void aTransactionThatWasRolledBackDoesNotHideTheNextOne() {
    announce(1);
    announce(1);
    announce(2);
    assertThat(binlog(1).of(Kind.ANNOUNCED)).as("of the second, the first left no trace").isOne();
    assertThat(binlog(2).of(Kind.ANNOUNCED)).isOne();
  }

  @Test
  void anEndedTransactionIsForgottenOnceTheBinlogWasReadBeyondItsEnd() {
    long before = System.nanoTime();
    announce(1);
    announced.marked(SESSION, TABLE, List.of(key(2)), List.of());
    announced.passed(before);
    assertThat(announced.of(SESSION)).hasSize(2);
    announced.passed(System.nanoTime() + 1);
    assertThat(announced.of(SESSION)).as("the open one stays").hasSize(1);
    assertThat(announced.size()).isEqualTo(1);
  }

  @Test
  void aClosedSessionIsKeptUntilMySqlHasEndedItAndTheBinlogWasReadBeyondThat() {
    announced.marked(SESSION, TABLE, List.of(key(1)), List.of());
    announced.closed(SESSION);
    announced.alive("uuid", Set.of(7L), System.nanoTime());
    announced.passed(System.nanoTime() + 1);
    assertThat(binlog(1).of(Kind.ANNOUNCED)).as("it was still executing").isOne();
    announced.alive("uuid", Set.of(8L), System.nanoTime());
    announced.passed(System.nanoTime() + 1);
    assertThat(announced.knows(SESSION)).isFalse();
    assertThat(announced.size()).isZero();
  }

  @Test
  void aConnectionIdThatIsUsedAgainInheritsNothing() {
    announce(1);
    announced.opened(SESSION);
    assertThat(binlog(1).of(Kind.BYPASSED)).isOne();
    assertThat(announced.size()).isZero();
  }

  @Test
  void whatCannotBeRememberedIsUnprovenAndMarked() {
    announce(1, 2, 3, 4, 5, 6, 7, 8);
    announce(9);
    assertThat(forgotten).hasValue(1);
    assertThat(binlog(9).of(Kind.UNPROVEN)).isOne();
    assertThat(marked).containsExactly(Change.of(TABLE, key(9)));
  }

  @Test
  void aWholeTableIsCoveredByNothingLess() {
    announced.marked(SESSION, TABLE, List.of(), List.of(KeyRange.prefix(new byte[] {1})));
    MarkSet marks = announced.of(SESSION).get(0);
    assertThat(marks.covers(Change.of(TABLE, key(1)))).isTrue();
    assertThat(marks.covers(Change.of(TABLE, key(2)))).isFalse();
    assertThat(marks.covers(Change.whole(TABLE, "truncate"))).isFalse();
    announced.marked(SESSION, TABLE, List.of(), List.of(KeyRange.ALL));
    assertThat(marks.covers(Change.whole(TABLE, "truncate"))).isTrue();
  }

  @Test
  void rowsThatCannotBeReadAreUnprovenForASessionThatAnnouncedSomething() {
    announced.marked(SESSION, TABLE, List.of(key(1)), List.of());
    Transaction t = new Transaction(SESSION, Kind.BYPASSED, announced.of(SESSION), marked::add);
    t.change(Change.whole(TABLE, "schema-changed"));
    t.change(Change.whole(TABLE, "truncate"));
    Map<TableName, Tally> tallies = t.tallies();
    Tally tally = Objects.requireNonNull(tallies.get(TABLE));
    assertThat(tally.of(Kind.UNPROVEN)).isOne();
    assertThat(tally.of(Kind.BYPASSED)).isOne();
    assertThat(marked).hasSize(2);
  }

  /** What a transaction that marked a range was told of its keys. */
  private static final class Told implements Announcements.Unnamed {
    @Nullable Map<TableName, List<Key>> keys;
    String why = "";

    @Override
    public void named(Map<TableName, List<Key>> known, String reason) {
      assertThat(keys).as("told once").isNull();
      keys = known;
      why = reason;
    }

    List<Key> keys() {
      return Objects.requireNonNull(Objects.requireNonNull(keys, "told nothing").get(TABLE));
    }
  }

  private Told range() {
    announced.marked(SESSION, TABLE, List.of(), List.of(KeyRange.ALL));
    assertThat(announced.willName(SESSION)).isTrue();
    Told told = new Told();
    announced.released(SESSION, told);
    return told;
  }

  private void pass() {
    announced.passed(System.nanoTime() + 1);
  }

  @Test
  void aRangeIsToldItsKeysOnceTheBinlogWasReadBeyondItsTransaction() {
    announced.reading();
    long before = System.nanoTime();
    Told told = range();
    binlog(1, 2);
    announced.passed(before);
    assertThat(told.keys).as("more may follow").isNull();
    assertThat(announced.awaited()).isTrue();
    pass();
    assertThat(told.keys()).containsExactlyInAnyOrder(key(1), key(2));
    assertThat(announced.awaited()).isFalse();
    assertThat(announced.size()).isZero();
  }

  @Test
  void aRangeOfATransactionThatLeftNoTraceIsToldThatNothingWasChanged() {
    announced.reading();
    Told told = range();
    pass();
    assertThat(told.keys()).isEmpty();
  }

  @Test
  void keysThatWereReadBeforeTheTransactionWasKnownToHaveEndedCount() {
    announced.reading();
    announced.marked(SESSION, TABLE, List.of(), List.of(KeyRange.ALL));
    binlog(1);
    Told told = new Told();
    announced.released(SESSION, told);
    pass();
    assertThat(told.keys()).containsExactly(key(1));
  }

  @Test
  void aLaterTransactionOfTheSessionDoesNotEndTheWaiting() {
    announced.reading();
    Told first = range();
    Told second = range();
    binlog(1);
    binlog(2);
    assertThat(first.keys).isNull();
    pass();
    assertThat(first.keys()).contains(key(1));
    assertThat(second.keys()).contains(key(2));
    assertThat(announced.size()).isZero();
  }

  @Test
  void nothingIsPromisedWhileTheBinlogIsNotRead() {
    assertThat(announced.willName(SESSION)).isFalse();
    announced.reading();
    assertThat(announced.willName(SESSION)).isTrue();
    announced.notReading();
    assertThat(announced.willName(SESSION)).isFalse();
  }

  @Test
  void aRangeThatWaitsWhenTheBinlogConnectionIsLostStays() {
    announced.reading();
    Told told = range();
    announced.notReading();
    assertThat(told.keys).isEmpty();
    assertThat(told.why).isEqualTo("not-reading");
  }

  @Test
  void aRangeWhoseTransactionWasOpenWhenTheBinlogConnectionWasLostStays() {
    announced.reading();
    announced.marked(SESSION, TABLE, List.of(), List.of(KeyRange.ALL));
    announced.notReading();
    announced.reading();
    Told told = new Told();
    announced.released(SESSION, told);
    binlog(1);
    pass();
    assertThat(told.keys).isEmpty();
  }

  @Test
  void aRangeStaysWhenSomethingOfItsSessionHasNoKey() {
    announced.reading();
    Told told = range();
    announced.seen(SESSION, List.of(Change.whole(TABLE, "truncate")));
    binlog(1);
    pass();
    assertThat(told.keys).isEmpty();
    assertThat(told.why).isEqualTo("no-keys");
  }

  @Test
  void aRangeOfATableWhoseRowsAreNotReadStays() {
    announced.reading();
    announced.marked(SESSION, OTHER, List.of(), List.of(KeyRange.ALL));
    Told told = new Told();
    announced.released(SESSION, told);
    pass();
    assertThat(told.keys).doesNotContainKey(OTHER);
  }

  @Test
  void rangesStayWhenTablesAreDefinedAnew() {
    announced.reading();
    Told told = range();
    binlog(1);
    announced.defined();
    assertThat(told.keys).isEmpty();
    assertThat(told.why).isEqualTo("ddl");
    assertThat(announced.willName(SESSION)).as("for a while").isFalse();
  }

  @Test
  void aRangeThatHasWaitedTooLongStaysAndNothingIsPromisedForAWhile() {
    announced.reading();
    Told told = range();
    announced.late(System.nanoTime() + 1);
    assertThat(told.keys).isEmpty();
    assertThat(told.why).isEqualTo("late");
    assertThat(announced.willName(SESSION)).isFalse();
  }

  @Test
  void aRangeOfMoreKeysThanAreRememberedStays() {
    announced.reading();
    Told told = range();
    List<Change> many = new ArrayList<>();
    for (int i = 0; i <= SeenKeys.MAX_KEYS; i++) {
      many.add(Change.of(TABLE, new Key(new byte[] {(byte) (i >> 8), (byte) i})));
    }
    announced.seen(SESSION, many);
    pass();
    assertThat(told.keys).isEmpty();
    assertThat(told.why).isEqualTo("many");
    assertThat(announced.size()).isZero();
  }

  @Test
  void aRangeStaysWhenThereIsNoRoomForItsKeys() {
    announced.reading();
    Told told = range();
    binlog(1, 2, 3, 4, 5, 6, 7);
    assertThat(announced.willName(SESSION)).isFalse();
    binlog(8);
    assertThat(told.keys).isEmpty();
    assertThat(told.why).isEqualTo("no-room");
    pass();
    assertThat(announced.size()).isZero();
  }

  @Test
  void aRangeOfAConnectionIdThatIsUsedAgainStays() {
    announced.reading();
    Told told = range();
    announced.opened(SESSION);
    assertThat(told.keys).isEmpty();
    assertThat(announced.awaited()).isFalse();
  }

  @Test
  void aRangeOfAClosedSessionIsToldItsKeysToo() {
    announced.reading();
    Told told = range();
    announced.closed(SESSION);
    binlog(1);
    pass();
    assertThat(told.keys()).containsExactly(key(1));
    assertThat(announced.knows(SESSION)).isFalse();
  }

  @Test
  void whatTheLastRunLeftIsInheritedUpToWhereThisOneBegan() {
    Position end = new Position("uuid", "binlog.000009", 500, null);
    Verdicts.Former former = new Verdicts.Former(Set.of(SESSION), end);
    assertThat(former.made(SESSION, new Position("uuid", "binlog.000009", 499, null))).isTrue();
    assertThat(former.made(SESSION, end)).isFalse();
    assertThat(former.made(SESSION, new Position("uuid", "binlog.000010", 4, null))).isFalse();
    assertThat(former.made(SESSION, new Position("other", "binlog.000001", 4, null))).isFalse();
    assertThat(
            former.made(new SessionId("uuid", 8), new Position("uuid", "binlog.000001", 4, null)))
        .isFalse();
  }
}

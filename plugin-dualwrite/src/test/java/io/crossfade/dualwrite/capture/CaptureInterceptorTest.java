package io.crossfade.dualwrite.capture;

import static io.crossfade.dualwrite.capture.Fixtures.FOLLOWER;
import static io.crossfade.dualwrite.capture.Fixtures.POST;
import static io.crossfade.dualwrite.capture.Fixtures.key;
import static io.crossfade.dualwrite.capture.Fixtures.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.Reply;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import io.crossfade.dualwrite.dirty.SessionId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripted exchanges against the real store. */
class CaptureInterceptorTest {
  private static final String INSERT = "INSERT INTO follower VALUES (1, 2, NOW(), 0)";

  @TempDir Path directory;
  private JournaledDirtyStore store;
  private final ScriptedSession session = new ScriptedSession();
  private final CaptureReport report = new CaptureReport();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ScriptedWitness witness = new ScriptedWitness();
  private boolean asks = true;
  private CaptureInterceptor capture;
  private Definitions definitions;
  private final AtomicInteger perhaps = new AtomicInteger();
  private final List<TableName> refusing = new ArrayList<>();

  @BeforeEach
  void open() {
    store =
        JournaledDirtyStore.open(
            new DirtyStoreConfig(directory), List.of(FOLLOWER), meters, Incidents.NONE);
    CaptureCatalogue catalogue = Fixtures.catalogue();
    definitions = new Definitions(sure -> {}, () -> {});
    capture =
        new CaptureInterceptor(
            session,
            new CaptureInterceptor.Shared(
                store,
                () -> catalogue.with(definitions.sure()),
                new Defining(definitions, perhaps::incrementAndGet, () -> List.copyOf(refusing)),
                new CaptureMetrics(meters),
                report,
                new Declined(),
                () -> asks,
                () -> witness));
  }

  /** A witness that promises keys when it is told to, and hands out who waits for them. */
  private static final class ScriptedWitness implements Announcements {
    boolean promises;
    final List<Unnamed> waiting = new ArrayList<>();

    @Override
    public void opened(SessionId session) {}

    @Override
    public void marked(SessionId id, TableName table, List<Key> keys, List<KeyRange> ranges) {}

    @Override
    public boolean willName(SessionId id) {
      return promises;
    }

    @Override
    public void released(SessionId id, @Nullable Unnamed ranges) {
      if (ranges != null) {
        waiting.add(ranges);
      }
    }

    @Override
    public void closed(SessionId id) {}
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Exchange sent(String sql) {
    return sent(3, Fixtures.analyze(sql));
  }

  private Exchange sent(int command, List<Analyzed> statements) {
    Exchange e = new ScriptedExchange(session, command, statements);
    Verdict v = capture.before(e).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(v).isEqualTo(Verdict.forward());
    return e;
  }

  private void answered(Exchange e, int error, boolean inTransaction) {
    TransactionState known = inTransaction ? TransactionState.OPEN : TransactionState.NONE;
    session.state = error == 0 ? known : TransactionState.UNKNOWN;
    capture.after(e, new Outcome(error, inTransaction, 1, 0, null));
  }

  private void run(String sql, boolean inTransaction) {
    answered(sent(sql), 0, inTransaction);
  }

  private List<Picked> pick() {
    return store.pick(FOLLOWER, 10);
  }

  private Verdict verdict(String sql) {
    Exchange e = new ScriptedExchange(session, 3, Fixtures.analyze(sql));
    return capture.before(e).toCompletableFuture().join();
  }

  @Test
  void whileAViewIsBeingMadeEveryWriteMarksTheWholeTable() {
    Exchange made = sent("CREATE VIEW late AS SELECT * FROM follower");
    assertThat(definitions.sure()).isEqualTo(Definitions.Sure.READS_UNSURE);
    answered(made, 0, false);
    store.pickRanges(FOLLOWER, 10).forEach(store::done);
    assertThat(store.ranges(FOLLOWER)).isEmpty();
    Exchange write = sent("DELETE FROM late");
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    answered(write, 0, false);
    store.pickRanges(FOLLOWER, 10).forEach(store::done);
    Exchange read = sent("SELECT * FROM late");
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    answered(read, 0, false);
    store.pickRanges(FOLLOWER, 10).forEach(store::done);
    definitions.settle(definitions.look(), sure -> {});
    answered(sent("DELETE FROM late"), 0, false);
    assertThat(store.ranges(FOLLOWER)).isEmpty();
  }

  @Test
  void aDefinitionEndsWithItsSession() {
    sent("ALTER TABLE follower ADD c INT");
    definitions.settle(definitions.look(), sure -> {});
    assertThat(definitions.sure()).isEqualTo(Definitions.Sure.WRITES_UNSURE);
    capture.closed();
    definitions.settle(definitions.look(), sure -> {});
    assertThat(definitions.sure()).isEqualTo(Definitions.Sure.KNOWN);
  }

  @Test
  void aDefinitionThatAnotherPluginRefusedIsOverWithTheNextCommand() {
    sent("CREATE VIEW late AS SELECT * FROM follower");
    run("SELECT 1", false);
    definitions.settle(definitions.look(), sure -> {});
    assertThat(definitions.sure()).isEqualTo(Definitions.Sure.KNOWN);
  }

  @Test
  void whatRunsHiddenTextHasTheCatalogueReadAfterwards() {
    run("EXECUTE s", false);
    run("CALL p()", false);
    run("INSERT INTO follower VALUES (1, 2, NOW(), 0)", false);
    assertThat(perhaps).hasValue(2);
    assertThat(definitions.sure()).isEqualTo(Definitions.Sure.KNOWN);
  }

  @Test
  void refusesWhatAltersAProtectedTableAndNothingElse() {
    refusing.add(FOLLOWER);
    for (String sql :
        List.of(
            "ALTER TABLE follower ADD c INT",
            "SELECT 1; DROP TABLE IF EXISTS a, social.follower",
            "TRUNCATE follower",
            "RENAME TABLE follower TO f2",
            "DROP DATABASE social")) {
      assertThat(verdict(sql))
          .isEqualTo(
              Verdict.refuse(
                  1290,
                  "HY000",
                  "The Crossfade proxy is running with the"
                      + " plugins.dualwrite.tables.social.follower.ddl=refuse option so it cannot"
                      + " execute this statement"));
      assertThat(store.ranges(FOLLOWER)).isEmpty();
      assertThat(definitions.sure()).isEqualTo(Definitions.Sure.KNOWN);
    }
    for (String sql :
        List.of(
            "ALTER TABLE post ADD c INT", "DROP TABLE other.follower", "ANALYZE TABLE follower")) {
      assertThat(verdict(sql)).isEqualTo(Verdict.forward());
    }
  }

  @Test
  void anAutocommittedWriteIsReleasedByItsOk() {
    Exchange e = sent(INSERT);
    assertThat(store.isDirty(FOLLOWER, key(1, 2))).isTrue();
    assertThat(pick()).as("not committed yet").isEmpty();
    assertThat(capture.attentive()).isTrue();
    answered(e, 0, false);
    assertThat(capture.attentive()).isFalse();
    assertThat(pick()).singleElement().satisfies(p -> assertThat(p.removable()).isTrue());
  }

  @Test
  void anAutocommittedWriteThatFailedIsReleasedToo() {
    answered(sent(INSERT), 1062, false);
    assertThat(pick()).singleElement().satisfies(p -> assertThat(p.removable()).isTrue());
  }

  @Test
  void aTransactionHoldsItsMarksUntilItsCommitIsAnswered() {
    run("BEGIN", true);
    run(INSERT, true);
    run("SELECT * FROM follower WHERE user_id = 1", true);
    assertThat(pick()).isEmpty();
    Exchange commit = sent("COMMIT");
    assertThat(pick()).isEmpty();
    answered(commit, 0, false);
    assertThat(pick()).singleElement().satisfies(p -> assertThat(p.removable()).isTrue());
  }

  @Test
  void aChainedCommitMakesEligibleButKeepsTheMarks() {
    run("BEGIN", true);
    run(INSERT, true);
    run("COMMIT AND CHAIN", true);
    assertThat(pick()).singleElement().satisfies(p -> assertThat(p.removable()).isFalse());
    assertThat(capture.attentive()).isTrue();
  }

  @Test
  void anErrorInATransactionKeepsTheMarksUntilAnOkSaysItIsOver() {
    run("BEGIN", true);
    run(INSERT, true);
    answered(sent(INSERT), 1213, false);
    assertThat(pick()).singleElement().satisfies(p -> assertThat(p.removable()).isFalse());
    answered(sent(14, List.of()), 0, false);
    assertThat(capture.attentive()).isFalse();
  }

  @Test
  void aPingOrAPreparedStatementsEndMarksNothing() {
    for (int command : new int[] {14, 22, 24, 25, 26}) {
      sent(command, List.of());
    }
    assertThat(store.stats(FOLLOWER).marks()).isZero();
  }

  @Test
  void anAnswerWithoutStatusFlagsReleasesNothing() {
    run("BEGIN", true);
    run(INSERT, true);
    for (int command : new int[] {4, 9, 22, 24, 25}) {
      capture.after(sent(command, List.of()), new Outcome(0, false, 0, 0, null));
    }
    assertThat(capture.attentive()).isTrue();
    assertThat(pick()).isEmpty();
  }

  @Test
  void anUnreadableCommandMarksEveryWatchedTable() {
    answered(sent(3, List.of()), 0, false);
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    assertThat(store.ranges(Fixtures.POST)).containsExactly(KeyRange.ALL);
  }

  @Test
  void aSessionLostWithMarksIsUndecided() {
    sent(INSERT);
    capture.closed();
    assertThat(store.undecided()).containsExactly(new SessionId("uuid", 42));
    assertThat(pick()).singleElement().satisfies(p -> assertThat(p.removable()).isFalse());
  }

  @Test
  void aSessionClosedWithoutMarksLeavesNothing() {
    run(INSERT, false);
    capture.closed();
    assertThat(store.undecided()).isEmpty();
  }

  @Test
  void aPreparedXaTransactionPassesItsMarksOn() {
    run("XA START 'a'", true);
    run(INSERT, true);
    run("XA END 'a'", true);
    run("XA PREPARE 'a'", false);
    assertThat(capture.attentive()).isFalse();
    assertThat(store.prepared()).hasSize(1);
    assertThat(pick()).singleElement().satisfies(p -> assertThat(p.removable()).isFalse());
    store.ended(store.prepared().iterator().next());
    assertThat(store.prepared()).isEmpty();
  }

  @Test
  void aStatementThatBreaksThePlannerMarksEverything() {
    Analyzed whole = Fixtures.analyze(INSERT).get(0);

    sent(3, List.of(new Analyzed(whole.statement(), List.of())));

    assertThat(store.ranges(Fixtures.FOLLOWER)).contains(KeyRange.ALL);
  }

  // --- narrowing: known ---

  private static final String GENERATED = "INSERT INTO post (status) VALUES (1)";

  private void answered(Exchange e, long affected, long lastInsertId, boolean inTransaction) {
    session.state = inTransaction ? TransactionState.OPEN : TransactionState.NONE;
    capture.after(e, new Outcome(0, inTransaction, affected, lastInsertId, null));
  }

  private void marksPosts(Key... keys) {
    assertThat(store.ranges(POST)).isEmpty();
    assertThat(store.pick(POST, 10).stream().map(Picked::key)).containsExactlyInAnyOrder(keys);
  }

  @Test
  void theOkOfAnInsertNamesItsGeneratedKey() {
    Exchange e = sent(GENERATED);
    assertThat(store.ranges(POST)).as("before it is forwarded").containsExactly(KeyRange.ALL);
    answered(e, 1, 41, false);
    marksPosts(post(41));
    assertThat(capture.attentive()).isFalse();
    assertThat(report.of(POST)).containsEntry("known", 1L).containsEntry("table", 0L);
  }

  @Test
  void aGeneratedKeyIsHeldUntilTheTransactionEnds() {
    run("BEGIN", true);
    answered(sent(GENERATED), 1, 41, true);
    assertThat(store.ranges(POST)).isEmpty();
    assertThat(store.isDirty(POST, post(41))).isTrue();
    assertThat(store.pick(POST, 10)).isEmpty();
    run("COMMIT", false);
    marksPosts(post(41));
  }

  @Test
  void anInsertThatFailedOrNamedNoKeyLeavesItsRange() {
    answered(sent(GENERATED), 1062, false);
    assertThat(store.ranges(POST)).containsExactly(KeyRange.ALL);
    store.pickRanges(POST, 1).forEach(store::done);
    answered(sent(GENERATED), 1, 0, false);
    assertThat(store.ranges(POST)).containsExactly(KeyRange.ALL);
    store.pickRanges(POST, 1).forEach(store::done);
    answered(sent(GENERATED), 2, 41, false);
    assertThat(store.ranges(POST)).containsExactly(KeyRange.ALL);
  }

  @Test
  void aLostConnectionLeavesTheRange() {
    sent(GENERATED);
    capture.closed();
    assertThat(store.ranges(POST)).containsExactly(KeyRange.ALL);
  }

  @Test
  void rowsFollowEachOtherOnlyWhenTheIncrementIsKnownToBeOne() {
    String three = "INSERT INTO post (status) VALUES (1), (2), (3)";
    answered(sent(three), 3, 41, false);
    assertThat(store.ranges(POST)).as("not known").containsExactly(KeyRange.ALL);
    store.pickRanges(POST, 1).forEach(store::done);
    session.facts = facts("2", "");
    answered(sent(three), 3, 41, false);
    assertThat(store.ranges(POST)).as("another").containsExactly(KeyRange.ALL);
    store.pickRanges(POST, 1).forEach(store::done);
    session.facts = facts("1", "");
    answered(sent(three), 3, 41, false);
    marksPosts(post(41), post(42), post(43));
  }

  @Test
  void theRangeOfAnotherStatementStays() {
    run("BEGIN", true);
    run("INSERT INTO post SELECT 1, 2", true);
    answered(sent(GENERATED), 1, 41, true);
    assertThat(store.ranges(POST)).containsExactly(KeyRange.ALL);
    assertThat(store.isDirty(POST, post(41))).isTrue();
  }

  @Test
  void severalStatementsInOnePacketAreNeverNarrowed() {
    Exchange e = sent(GENERATED + "; " + GENERATED);
    answered(e, 1, 41, false);
    assertThat(store.ranges(POST)).containsExactly(KeyRange.ALL);
  }

  // --- narrowing: witnessed ---

  private static final String BY_CONDITION = "UPDATE follower SET status=1 WHERE status=0";

  @Test
  void aRangeWaitsForTheKeysThatTheBinlogNames() {
    witness.promises = true;
    run(BY_CONDITION, false);
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    assertThat(store.pickRanges(FOLLOWER, 10)).isEmpty();
    witness.waiting.get(0).named(Map.of(FOLLOWER, List.of(key(1, 2), key(1, 3))), "");
    assertThat(store.ranges(FOLLOWER)).isEmpty();
    assertThat(pick()).extracting(Picked::key).containsExactly(key(1, 2), key(1, 3));
    assertThat(report.of(FOLLOWER)).containsEntry("witnessed", 1L).containsEntry("table", 0L);
    assertThat(meters.counter("crossfade.capture.witnessed", "outcome", "keys").count()).isOne();
  }

  @Test
  void aRangeWhoseKeysTheBinlogDoesNotNameIsReconciled() {
    witness.promises = true;
    run(BY_CONDITION, false);
    witness.waiting.get(0).named(Map.of(POST, List.of()), "late");
    assertThat(store.pickRanges(FOLLOWER, 10)).hasSize(1);
    assertThat(report.of(FOLLOWER)).containsEntry("witnessed", 0L).containsEntry("table", 1L);
    assertThat(meters.counter("crossfade.capture.witnessed", "outcome", "late").count()).isOne();
  }

  @Test
  void keysOfTheSameTransactionDoNotWait() {
    witness.promises = true;
    run("BEGIN", true);
    run(INSERT, true);
    run("UPDATE follower SET status=RAND() WHERE status=0", true);
    run("COMMIT", false);
    assertThat(pick()).hasSize(1);
    assertThat(witness.waiting).hasSize(1);
  }

  @Test
  void nothingWaitsWhenNoKeysArePromisedOrThereIsNoRange() {
    run(BY_CONDITION, false);
    witness.promises = true;
    run(INSERT, false);
    assertThat(witness.waiting).isEmpty();
    assertThat(store.pickRanges(FOLLOWER, 10)).hasSize(1);
    assertThat(pick()).hasSize(1);
  }

  @Test
  void whatTheOkHasNamedIsNotWaitedFor() {
    witness.promises = true;
    Exchange e = sent("INSERT INTO post (status) VALUES (0)");
    session.state = TransactionState.NONE;
    capture.after(e, new Outcome(0, false, 1, 9, null));
    assertThat(witness.waiting).isEmpty();
    assertThat(report.of(POST)).containsEntry("known", 1L).containsEntry("witnessed", 0L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET sql_log_bin=0",
        "SET @@SESSION.SQL_LOG_BIN = 0",
        "SET pseudo_thread_id = 7",
        "CALL p()",
        "EXECUTE s",
        "XA START 'x'",
        "DO hidden()",
        "/*!50000 SET sql_log_bin=0 */",
        "SET @x=1; SET sql_log_bin=0"
      })
  void aSessionWhoseChangesTheBinlogMayNotShowIsNeverWitnessedAgain(String sql) {
    witness.promises = true;
    run(sql, false);
    witness.waiting.forEach(w -> w.named(Map.of(), "test"));
    witness.waiting.clear();
    run(BY_CONDITION, false);
    assertThat(witness.waiting).isEmpty();
    assertThat(store.pickRanges(FOLLOWER, 10)).isNotEmpty();
  }

  @Test
  void aSessionWithACommandThatCouldNotBeReadIsNeverWitnessedAgain() {
    witness.promises = true;
    answered(sent(3, List.of()), 0, false);
    run(BY_CONDITION, false);
    assertThat(witness.waiting).isEmpty();
  }

  // --- narrowing: asked ---

  private static final String DELETE = "DELETE FROM follower WHERE status = 7 AND user_id > 3";

  private Exchange asking(String sql, Reply reply) {
    run("BEGIN", true);
    session.reply = reply;
    return sent(sql);
  }

  private static Reply rows(long... users) {
    return Reply.of(
        LongStream.of(users)
            .mapToObj(u -> new Row(new byte[][] {bytes(Long.toString(u)), bytes("9")}))
            .toList());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Reply error(int code) {
    return new Reply(code, "HY000", "no", List.of());
  }

  private static SessionFacts facts(String increment, String mode) {
    return new SessionFacts(
        mode, "UTC", "utf8mb4", "utf8mb4", "1", "REPEATABLE-READ", "a@%", "", increment);
  }

  @Test
  void theKeysOfADeleteAreAskedForAheadOfIt() {
    Exchange e = asking(DELETE, rows(4, 5));
    assertThat(session.asked)
        .containsExactly(
            "SELECT CAST(CAST(`user_id` AS CHAR CHARACTER SET latin1) AS BINARY),"
                + " CAST(CAST(`follower_id` AS CHAR CHARACTER SET latin1) AS BINARY) FROM"
                + " `social`.`follower` WHERE (status =  7 AND user_id >  3) LIMIT 10001 FOR"
                + " UPDATE");
    assertThat(store.ranges(FOLLOWER)).isEmpty();
    assertThat(store.isDirty(FOLLOWER, key(4, 9)) && store.isDirty(FOLLOWER, key(5, 9))).isTrue();
    answered(e, 2, 0, true);
    assertThat(store.ranges(FOLLOWER)).isEmpty();
    run("COMMIT", false);
    assertThat(pick()).hasSize(2);
    assertThat(report.of(FOLLOWER)).containsEntry("asked", 1L).containsEntry("table", 0L);
  }

  @Test
  void rowsThatCameInBetweenMarkTheRangeAfterAll() {
    Exchange e = asking(DELETE, rows());
    assertThat(capture.attentive()).as("a COMMIT must not slip through").isTrue();
    answered(e, 1, 0, true);
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    assertThat(report.of(FOLLOWER)).containsEntry("asked", 0L).containsEntry("table", 1L);
  }

  @Test
  void anUpdateIsProvedByTheRowsItMatched() {
    String update = "UPDATE follower SET status = 1 WHERE status = 7";
    Exchange e = asking(update, rows(4, 5));
    capture.after(e, new Outcome(0, true, 0, 0, 2, null));
    assertThat(store.ranges(FOLLOWER)).isEmpty();
    e = asking(update, rows(4, 5));
    capture.after(e, new Outcome(0, true, 2, 0, -1, null));
    assertThat(store.ranges(FOLLOWER)).as("MySQL did not say").containsExactly(KeyRange.ALL);
  }

  @Test
  void aStatementThatFailedNeedsNoProof() {
    answered(asking(DELETE, rows(4)), 1451, true);
    assertThat(store.ranges(FOLLOWER)).isEmpty();
  }

  @Test
  void anUpdateThatMovesKeysMarksOldAndNewOnes() {
    Exchange e = asking("UPDATE follower SET follower_id = 1 WHERE status = 7", rows(4));
    capture.after(e, new Outcome(0, true, 1, 0, 1, null));
    assertThat(store.ranges(FOLLOWER)).isEmpty();
    assertThat(store.isDirty(FOLLOWER, key(4, 9)) && store.isDirty(FOLLOWER, key(4, 1))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE follower SET follower_id = follower_id + 1 WHERE status = 7",
        "DELETE FROM follower WHERE status = 7 LIMIT 1",
        "DELETE FROM follower WHERE created_at < NOW()",
        "DELETE FROM follower WHERE created_at = 'a\\\\b'",
        "DELETE FROM follower WHERE user_id = X'31' + 1",
        "DELETE FROM follower WHERE user_id = 1; DELETE FROM follower WHERE status = 1",
        "UPDATE follower_view SET status = 1 WHERE status = 7",
        "INSERT INTO follower SELECT 1, 2, NOW(), 3"
      })
  void whatCannotBeAskedForCertainIsNotAsked(String sql) {
    asking(sql, rows(4));
    assertThat(session.asked).isEmpty();
    assertThat(store.ranges(FOLLOWER)).isNotEmpty();
  }

  @Test
  void exactStatementsAreNotAsked() {
    asking("DELETE FROM follower WHERE user_id = 1 AND follower_id = 2 AND status = 3", rows(1));
    assertThat(session.asked).isEmpty();
  }

  @Test
  void nothingIsAskedOutsideATransactionOrWhereTheClientCouldNotice() {
    sent(DELETE);
    assertThat(session.asked).isEmpty();
    hint("run it inside a transaction");
    session.askable = false;
    asking(DELETE, rows(4));
    assertThat(session.asked).isEmpty();
    hint("LOCK TABLES");
  }

  @Test
  void nothingIsAskedUnderLockTablesOrWhenSwitchedOff() {
    run("LOCK TABLES follower WRITE", true);
    session.reply = rows(4);
    sent(DELETE);
    assertThat(session.asked).isEmpty();
    run("UNLOCK TABLES", true);
    asks = false;
    sent(DELETE);
    assertThat(session.asked).isEmpty();
    hint("capture.ask: true");
    asks = true;
    sent(DELETE);
    assertThat(session.asked).hasSize(1);
  }

  private void hint(String text) {
    assertThat(report.of(FOLLOWER).get("statements")).asString().contains(text);
  }

  @Test
  void aMissingPrivilegeIsRememberedForTheTemplate() {
    asking(DELETE, error(1142));
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    hint("GRANT SELECT");
    asking("DELETE FROM follower WHERE status = 8 AND user_id > 1", rows(4));
    assertThat(session.asked).hasSize(1);
    asking("DELETE FROM follower WHERE status = 8", rows(4));
    assertThat(session.asked).as("another template").hasSize(2);
  }

  @Test
  void aLockWaitTimeoutIsNotRemembered() {
    asking(DELETE, error(1205));
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    asking(DELETE, rows(4));
    assertThat(session.asked).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1213, 1317})
  void aDeadlockIsTheClientsOwn(int code) {
    refusedWith(error(code));
    assertThat(store.stats(FOLLOWER).marks()).isZero();
  }

  @Test
  void whatEndedTheTransactionEndsTheStatementToo() {
    session.afterReply = TransactionState.NONE;
    refusedWith(error(1205));
  }

  private void refusedWith(Reply error) {
    run("BEGIN", true);
    session.reply = error;
    Exchange e = new ScriptedExchange(session, 3, Fixtures.analyze(DELETE));
    Verdict v = capture.before(e).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(v).isEqualTo(Verdict.refuse(error.error(), "HY000", "no"));
  }

  @Test
  void tooManyRowsMarkTheRange() {
    asking(DELETE, rows(LongStream.rangeClosed(0, 10_000).toArray()));
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    hint("at most 10000 rows");
  }

  @Test
  void exactlyTheLimitIsStillAsked() {
    asking(DELETE, rows(LongStream.range(0, 10_000).toArray()));
    assertThat(store.ranges(FOLLOWER)).isEmpty();
  }

  @Test
  void aReplyThatIsNoKeyMarksTheRange() {
    asking(DELETE, Reply.of(List.of(new Row(new byte[][] {bytes("x"), bytes("9")}))));
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
    asking(DELETE, Reply.of(List.of(new Row(new byte[][] {bytes("1")}))));
    assertThat(store.ranges(FOLLOWER)).containsExactly(KeyRange.ALL);
  }

  @Test
  void parametersAreWrittenOnlyBesideAColumnOfTheirKind() {
    session.protocol = Exchange.Protocol.BINARY;
    asking("DELETE FROM follower WHERE status = 7 AND user_id > 3", rows(4));
    assertThat(session.asked).hasSize(1);
    asking("DELETE FROM follower WHERE status = '7'", rows(4));
    asking("DELETE FROM follower WHERE ABS(status) = 7", rows(4));
    asking("DELETE FROM follower WHERE status = 7 OR status = 8", rows(4));
    assertThat(session.asked).hasSize(1);
    session.protocol = Exchange.Protocol.TEXT;
    asking("DELETE FROM follower WHERE status = '7'", rows(4));
    asking("DELETE FROM follower WHERE status = 7 OR user_id = 'a''b'", rows(4));
    assertThat(session.asked).hasSize(3);
    assertThat(session.asked.get(2)).contains("(status =  7 OR user_id = 'a''b')");
  }

  @Test
  void stringsBeyondAsciiNeedAKnownCharacterSet() {
    String sql = "DELETE FROM follower WHERE created_at = 'ö'";
    asking(sql, rows(4));
    assertThat(session.asked).isEmpty();
    session.facts = facts("1", "");
    asking(sql, rows(4));
    assertThat(session.asked).singleElement().asString().contains("'ö'");
  }

  // --- the report ---

  @Test
  void theReportShowsTheDearestTemplatesFirstAndNoValues() {
    run("DELETE FROM follower WHERE user_id = 4711 AND follower_id = 2", false);
    run("DELETE FROM follower WHERE user_id = 4711", false);
    run("DELETE FROM follower WHERE status = 4711", false);
    assertThat(report.of(FOLLOWER))
        .containsEntry("exact", 1L)
        .containsEntry("prefix", 1L)
        .containsEntry("table", 1L);
    assertThat(report.of(FOLLOWER).toString()).doesNotContain("4711");
    assertThat((List<?>) report.of(FOLLOWER).get("statements"))
        .extracting(s -> String.valueOf(((Map<?, ?>) s).get("template")))
        .containsExactly(
            "DELETE FROM follower WHERE status = ?",
            "DELETE FROM follower WHERE user_id = ?",
            "DELETE FROM follower WHERE user_id = ? AND follower_id = ?");
    assertThat(report.of(POST)).containsEntry("table", 0L);
  }

  @Test
  void theReportIsBounded() {
    for (int i = 0; i < CaptureReport.MAX_TEMPLATES + 5; i++) {
      run("DELETE FROM follower WHERE user_id = 1 AND c" + i + " = 2", false);
    }
    assertThat((List<?>) report.of(FOLLOWER).get("statements"))
        .hasSize(CaptureReport.MAX_TEMPLATES + 1);
    assertThat(report.of(FOLLOWER)).containsEntry("prefix", CaptureReport.MAX_TEMPLATES + 5L);
  }

  private record ScriptedExchange(ScriptedSession session, int command, List<Analyzed> statements)
      implements Exchange {
    @Override
    public Protocol protocol() {
      return session.protocol;
    }

    @Override
    public boolean askable() {
      return session.askable;
    }

    @Override
    public CompletionStage<Reply> ask(byte[] sql) {
      session.asked.add(new String(sql, StandardCharsets.UTF_8));
      if (!session.reply.ok()) {
        session.state = session.afterReply;
      }
      return CompletableFuture.completedFuture(session.reply);
    }
  }

  private static final class ScriptedSession implements SessionView {
    TransactionState state = TransactionState.NONE;
    Exchange.Protocol protocol = Exchange.Protocol.TEXT;
    boolean askable = true;
    Reply reply = Reply.of(List.of());
    TransactionState afterReply = TransactionState.OPEN;
    @Nullable SessionFacts facts;
    final List<String> asked = new ArrayList<>();

    @Override
    public long id() {
      return 1;
    }

    @Override
    public long connectionId() {
      return 42;
    }

    @Override
    public String user() {
      return "app";
    }

    @Override
    public SocketAddress client() {
      return InetSocketAddress.createUnresolved("localhost", 1);
    }

    @Override
    public String database() {
      return "social";
    }

    @Override
    public TransactionState transaction() {
      return state;
    }

    @Override
    public boolean autocommit() {
      return true;
    }

    @Override
    public CompletionStage<SessionFacts> facts() {
      return facts != null
          ? CompletableFuture.completedFuture(facts)
          : CompletableFuture.failedFuture(new UnsupportedOperationException());
    }
  }
}

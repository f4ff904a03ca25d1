package io.crossfade.dualwrite.capture;

import static io.crossfade.dualwrite.capture.Fixtures.FOLLOWER;
import static io.crossfade.dualwrite.capture.Fixtures.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig;
import io.crossfade.dualwrite.dirty.Incidents;
import io.crossfade.dualwrite.dirty.JournaledDirtyStore;
import io.crossfade.dualwrite.dirty.Picked;
import io.crossfade.dualwrite.dirty.SessionId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripted exchanges against the real store. */
class CaptureInterceptorTest {
  private static final String INSERT = "INSERT INTO follower VALUES (1, 2, NOW(), 0)";

  @TempDir Path directory;
  private JournaledDirtyStore store;
  private final ScriptedSession session = new ScriptedSession();
  private CaptureInterceptor capture;

  @BeforeEach
  void open() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    store =
        JournaledDirtyStore.open(
            new DirtyStoreConfig(directory), List.of(FOLLOWER), meters, Incidents.NONE);
    CaptureCatalogue catalogue = Fixtures.catalogue();
    capture = new CaptureInterceptor(session, store, () -> catalogue, new CaptureMetrics(meters));
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

  private record ScriptedExchange(SessionView session, int command, List<Analyzed> statements)
      implements Exchange {
    @Override
    public Protocol protocol() {
      return Protocol.TEXT;
    }
  }

  private static final class ScriptedSession implements SessionView {
    TransactionState state = TransactionState.NONE;

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
      return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }
  }
}

package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.Compression;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole session between two legs that are only memory. */
class SessionTest extends SessionFixture {
  private static final String LOST =
      "ffdd07233038533031" + hex("Lost connection to MySQL server during query");

  @Test
  void refusesAClientThatCompressesAlthoughThatWasNotOffered() {
    fromServer(0, greeting(SERVER & ~Compression.FLAGS));
    client.taken();
    fromClient(1, response(CLIENT | Capabilities.COMPRESS));
    assertThat(client.taken()).contains("ff1304");
    assertThat(client.closed).isTrue();
    assertThat(backend.taken()).isEmpty();
  }

  @Test
  void aMalformedGreetingEndsTheSessionAndLeaksNothing() {
    give(false, packet(0, "0a382e30") + packet(1, OK));
    assertThat(client.closed && backend.closed).isTrue();
  }

  @Test
  void startsTlsOnBothLegsWhenTheClientDoes() {
    fromServer(0, greeting());
    String request = response(CLIENT | Capabilities.SSL).substring(0, 64);
    fromClient(1, request);
    assertThat(backend.taken()).isEqualTo(packet(1, request));
    assertThat(client.tls).isTrue();
    assertThat(backend.tls).isTrue();
    fromClient(2, response(CLIENT | Capabilities.SSL));
    assertThat(backend.taken()).isEqualTo(packet(2, response(CLIENT | Capabilities.SSL)));
  }

  @Test
  void aCommandSentBeforeTheLoginEndedIsStillInspected() {
    fromServer(0, greeting());
    give(true, packet(1, response(CLIENT)) + packet(0, query("DELETE FROM watched")));
    assertThat(backend.taken()).isEqualTo(packet(1, response(CLIENT)));
    fromServer(2, "0103");
    assertThat(backend.taken()).as("fast authentication asks for nothing").isEmpty();
    fromServer(3, LOGIN_OK);
    assertThat(events).containsExactly("open", "before [DELETE]");
    assertThat(backend.taken()).isEqualTo(packet(0, query("DELETE FROM watched")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void theRelaysOwnQuestionIsInvisibleHoweverItsAnswerArrives(int piece) {
    login();
    fromClient(0, query("INSERT INTO plain VALUES (1)"));
    fromServer(1, DUPLICATE);
    client.taken();
    backend.taken();
    fromClient(0, query("DELETE FROM watched"));
    assertThat(backend.taken()).as("COM_PING").isEqualTo(packet(0, "0e"));
    inPieces(packet(1, LOGIN_OK), piece);
    assertThat(client.taken()).isEmpty();
    assertThat(backend.taken()).isEqualTo(packet(0, query("DELETE FROM watched")));
    inPieces(packet(1, OK), piece);
    assertThat(client.taken()).isEqualTo(packet(1, OK));
    assertThat(events).containsExactly("open", "before [DELETE]", "after 0");
  }

  @Test
  void pluginsHearOfAnAnswerBeforeItsLastBytesAreWritten() {
    login();
    fromClient(0, query("DELETE FROM watched"));
    give(false, packet(1, OK).substring(0, 20));
    assertThat(events).containsExactly("open", "before [DELETE]");
    give(false, packet(1, OK).substring(20));
    assertThat(events).containsExactly("open", "before [DELETE]", "after 0");
  }

  @Test
  void waitsForTheAnswersOwedBeforeItAsksThePlugins() {
    login();
    give(
        true,
        packet(0, query("SELECT 1"))
            + packet(0, query("DELETE FROM watched"))
            + packet(0, query("SELECT 2")));
    assertThat(backend.taken()).isEqualTo(packet(0, query("SELECT 1")));
    assertThat(events).containsExactly("open");
    fromServer(1, OK);
    assertThat(backend.taken())
        .isEqualTo(packet(0, query("DELETE FROM watched")) + packet(0, query("SELECT 2")));
  }

  @Test
  void readsNothingFromTheClientWhileAVerdictIsOpen() {
    login();
    CompletableFuture<Verdict> open = new CompletableFuture<>();
    verdict = open;
    client.reads = 0;
    fromClient(0, query("DELETE FROM watched"));
    session.onClientReadComplete();
    assertThat(client.reads).isZero();
    assertThat(backend.taken()).isEmpty();
    open.complete(Verdict.forward());
    loop.runPendingTasks();
    assertThat(client.reads).isEqualTo(1);
    assertThat(backend.taken()).isEqualTo(packet(0, query("DELETE FROM watched")));
  }

  @Test
  void aVerdictAfterTheEndChangesNothing() {
    login();
    CompletableFuture<Verdict> open = new CompletableFuture<>();
    verdict = open;
    fromClient(0, query("DELETE FROM watched"));
    session.onClientClosed();
    open.complete(Verdict.forward());
    loop.runPendingTasks();
    assertThat(backend.taken()).isEmpty();
    assertThat(events).containsExactly("open", "before [DELETE]", "closed");
  }

  @Test
  void doesNotReadFromALegWhoseOppositeIsFull() {
    login();
    client.reads = 0;
    backend.reads = 0;
    client.writable = false;
    backend.writable = false;
    session.onServerReadComplete();
    session.onClientReadComplete();
    assertThat(client.reads + backend.reads).isZero();
    client.writable = true;
    session.onWritable();
    assertThat(backend.reads).isEqualTo(1);
    assertThat(client.reads).isZero();
    backend.writable = true;
    session.onWritable();
    assertThat(client.reads).isEqualTo(1);
  }

  @Test
  void aThousandAnsweredCommandsInOneBufferDoNotOverflowTheStack() {
    login();
    verdict = CompletableFuture.completedFuture(Verdict.refuse(1290, "HY000", "no"));
    String command = packet(0, query("DELETE FROM watched"));
    give(true, command.repeat(20_000));
    assertThat(events).hasSize(20_001);
    assertThat(backend.taken()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP DATABASE db",
        "DROP /* the */ SCHEMA db",
        "LOCK TABLES other READ",
        "FLUSH TABLES WITH READ LOCK",
      })
  void whatChangesTablesItDoesNotNameIsShown(String sql) {
    login();
    fromClient(0, query(sql));
    assertThat(events).hasSize(2);
  }

  @Test
  void aTextWhoseFirstStatementsChangeHowTheNextIsReadIsNotUnderstood() {
    login(CLIENT | Capabilities.MULTI_STATEMENTS);
    fromClient(0, query("SET sql_mode='ANSI_QUOTES'; DELETE FROM watched WHERE id=1"));
    fromServer(1, OK);
    fromClient(0, query("SET @a=1; DELETE FROM watched WHERE id=1"));
    fromServer(1, OK);
    fromClient(0, query("USE db; DELETE FROM watched WHERE id=1"));
    assertThat(events)
        .filteredOn(e -> e.startsWith("before"))
        .containsExactly("before []", "before [SET, DELETE]", "before []");
  }

  @Test
  void aLargeTextThatMayCallSomethingIsShown() {
    login(CLIENT | Capabilities.MULTI_STATEMENTS);
    String padding = " ".repeat(1 << 16);
    fromClient(0, query("INSERT INTO t VALUES (1);" + padding + "EXECUTE s"));
    fromServer(1, OK);
    fromClient(0, query("INSERT INTO t VALUES (1);" + padding + "DELETE FROM t"));
    assertThat(events).filteredOn(e -> e.startsWith("before")).containsExactly("before []");
  }

  @Test
  void aStatementPreparedInAnUnknownDatabaseAsksForItFirst() {
    login();
    fromClient(0, query("DROP SCHEMA elsewhere"));
    fromServer(1, OK);
    backend.taken();
    fromClient(0, prepare("DELETE FROM watched WHERE id=1"));
    assertThat(backend.taken()).contains(hex("DATABASE()")).doesNotContain(hex("DELETE"));
    fromServer(1, "01");
    fromServer(2, "0364656600000001630c3f000100000001fd00000000000000");
    fromServer(3, "fe00000200");
    fromServer(4, "026462");
    fromServer(5, "fe00000200");
    assertThat(client.taken()).isEqualTo(packet(1, OK));
    assertThat(backend.taken()).isEqualTo(packet(0, prepare("DELETE FROM watched WHERE id=1")));
    fromServer(1, "00" + "01000000" + "0000" + "0000" + "00" + "0000");
    fromClient(0, "17" + "01000000" + "00" + "01000000");
    assertThat(events).last().isEqualTo("before [DELETE]");
    assertThat(tables).containsExactly(new TableName("db", "watched"));
  }

  /** The question would be told as part of the transaction. */
  @Test
  void asksNoQuestionWhereTheClientIsToldWhatItsTransactionsDid() {
    login(CLIENT | Capabilities.SESSION_TRACK);
    fromClient(0, query("DROP SCHEMA elsewhere"));
    fromServer(1, "0000000240000000" + "0b" + "0509" + "08" + hex("T_______"));
    backend.taken();
    fromClient(0, query("DELETE FROM watched"));
    assertThat(backend.taken()).isEqualTo(packet(0, query("DELETE FROM watched")));
    assertThat(events).last().isEqualTo("before []");
  }

  @Test
  void aStatementPreparedBehindAChangeOfTheDatabaseIsNotUnderstood() {
    login(CLIENT | Capabilities.MULTI_STATEMENTS);
    give(
        true,
        packet(0, query("SELECT 1; USE db"))
            + packet(0, prepare("DELETE FROM watched WHERE id=1")));
    fromServer(1, OK);
    fromServer(1, "00" + "01000000" + "0000" + "0000" + "00" + "0000");
    fromClient(0, "17" + "01000000" + "00" + "01000000");
    fromServer(1, "01");
    fromServer(2, "0364656600000001630c3f000100000001fd00000000000000");
    fromServer(3, "fe00000200");
    fromServer(4, "026462");
    fromServer(5, "fe00000200");
    assertThat(events).last().isEqualTo("before []");
  }

  @Test
  void aTextInADatabaseThatCannotBeAskedForIsNotUnderstood() {
    login();
    fromClient(0, query("DROP SCHEMA elsewhere"));
    fromServer(1, OK);
    fromClient(0, query("DELETE FROM watched WHERE id=1"));
    fromServer(1, DUPLICATE);
    fromServer(1, LOGIN_OK);
    assertThat(events).last().isEqualTo("before []");
  }

  @Test
  void answersOfPluginsDoNotPileUpForAClientThatDoesNotRead() {
    login();
    verdict = CompletableFuture.completedFuture(Verdict.refuse(1290, "HY000", "no"));
    client.writable = false;
    give(true, packet(0, query("DELETE FROM watched")).repeat(3));
    assertThat(client.taken()).isEmpty();
    client.reads = 0;
    session.onClientReadComplete();
    assertThat(client.reads).isZero();
    client.writable = true;
    session.onWritable();
    assertThat(events).hasSize(4);
    assertThat(client.reads).isEqualTo(1);
  }

  @Test
  void aCommandThatCannotBeReadIsRelayedForMySqlToAnswer() {
    login();
    fromClient(0, "1701");
    assertThat(backend.taken()).isEqualTo(packet(0, "1701"));
    assertThat(events).last().isEqualTo("before []");
    fromServer(1, DUPLICATE);
    assertThat(client.taken()).isEqualTo(packet(1, DUPLICATE));
  }

  @Test
  void drainsOnlyOutsideATransaction() {
    login();
    loop.advanceTimeBy(3, TimeUnit.SECONDS);
    fromClient(0, query("BEGIN"));
    fromServer(1, "00000003000000");
    session.drain();
    assertThat(client.closed).isFalse();
    fromClient(0, query("COMMIT"));
    fromServer(1, LOGIN_OK);
    session.onServerReadComplete();
    assertThat(client.closed).isTrue();
    assertThat(backend.closed).isTrue();
    assertThat(events).last().isEqualTo("closed");
  }

  @Test
  void whatCameRightBehindTheLoginMayEndTheSession() {
    verdict = CompletableFuture.completedFuture(Verdict.refuse(1290, "HY000", "no"));
    fromServer(0, greeting());
    fromClient(1, response(CLIENT));
    fromClient(0, query("DELETE FROM watched WHERE id IN (" + "1,".repeat(40_000) + "1)"));
    fromServer(2, LOGIN_OK);
    assertThat(client.closed).isTrue();
    assertThat(events).containsExactly("open", "before []", "closed");
  }

  @Test
  void aPacketThatCannotBeEndsTheSession() {
    login();
    fromClient(0, query("SELECT 1"));
    fromServer(1, "00");
    assertThat(client.closed).isTrue();
    assertThat(events).containsExactly("open", "closed");
  }

  @Test
  void aLostMySqlIsAnErrorInTheAnswersPlace() {
    login();
    fromClient(0, query("SELECT 1"));
    session.onServerClosed();
    assertThat(client.taken()).isEqualTo(packet(1, LOST));
    assertThat(client.closed).isTrue();
  }

  @Test
  void aMySqlLostBetweenTwoRowsIsAnErrorInTheNextRowsPlace() {
    login();
    fromClient(0, query("SELECT 1"));
    give(false, packet(1, "01") + packet(2, DEFINITION) + packet(3, "fe00000200"));
    give(false, packet(4, "0131") + packet(5, "0132") + packet(6, "0133"));
    client.taken();
    session.onServerClosed();
    assertThat(client.taken()).isEqualTo(packet(7, LOST));
  }

  @Test
  void aMySqlLostInsideAPacketIsAPlainEnd() {
    login();
    fromClient(0, query("SELECT 1"));
    give(false, packet(1, "01") + packet(2, DEFINITION) + packet(3, "fe00000200"));
    give(false, packet(4, "0131") + packet(5, "03313233").substring(0, 12));
    client.taken();
    session.onServerClosed();
    assertThat(client.taken()).isEmpty();
    assertThat(client.closed).isTrue();
  }

  @Test
  void aMySqlLostWhenNothingIsOwedIsAPlainEnd() {
    login();
    fromClient(0, query("SELECT 1"));
    fromServer(1, OK);
    client.taken();
    session.onServerClosed();
    assertThat(client.taken()).isEmpty();
    assertThat(client.closed).isTrue();
  }

  @Test
  void whatMySqlSaysBeforeItGoesIsAllTheClientGets() {
    login();
    String idle = "ffbf0f23485930303078";
    fromServer(0, idle);
    session.onServerClosed();
    assertThat(client.taken()).isEqualTo(packet(0, idle));
  }

  @Test
  void aMySqlLostWhileAPluginThinksIsAnError() {
    login();
    verdict = new CompletableFuture<>();
    fromClient(0, query("DELETE FROM watched"));
    session.onServerClosed();
    assertThat(client.taken()).isEqualTo(packet(1, LOST));
  }

  @Test
  void aMySqlLostWhileTheRelayAsksForItselfIsAnErrorForTheCommandThatWaits() {
    login();
    fromClient(0, query("INSERT INTO plain VALUES (1)"));
    fromServer(1, DUPLICATE);
    client.taken();
    fromClient(0, query("DELETE FROM watched"));
    give(false, packet(1, LOGIN_OK).substring(0, 12));
    session.onServerClosed();
    assertThat(client.taken()).isEqualTo(packet(1, LOST));
  }

  @Test
  void theErrorFollowsTheLastPacketOfALargeCommand() {
    login();
    fromClient(0, query("SELECT '" + "x".repeat(2 * Frames.MAX_PAYLOAD) + "'"));
    session.onServerClosed();
    assertThat(client.taken()).isEqualTo(packet(3, LOST));
  }

  @Test
  void aMySqlLostWhileTheClientSendsAFileIsAPlainEnd() {
    login();
    fromClient(0, query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
    fromServer(1, "fb78");
    client.taken();
    session.onServerClosed();
    assertThat(client.taken()).isEmpty();
  }

  @Test
  void aSessionThatIsCutTellsTheClientThatWaits() {
    login();
    fromClient(0, query("SELECT 1"));
    session.shutDown();
    assertThat(client.taken())
        .isEqualTo(packet(1, "ff1d04233038533031" + hex("Server shutdown in progress")));
    assertThat(client.closed && backend.closed).isTrue();
  }

  @Test
  void aClientThatSendsNothingMoreStillGetsItsAnswers() {
    login();
    fromClient(0, query("SELECT 1"));
    session.onClientFinished();
    assertThat(backend.finished).isTrue();
    assertThat(client.closed).isFalse();
    fromServer(1, OK);
    session.onServerReadComplete();
    assertThat(client.taken()).isEqualTo(packet(1, OK));
    assertThat(client.closed && backend.closed).isTrue();
  }

  @Test
  void whatAClientSentBeforeItsEndIsStillDone() {
    login();
    CompletableFuture<Verdict> open = new CompletableFuture<>();
    verdict = open;
    fromClient(0, query("DELETE FROM watched"));
    session.onClientFinished();
    assertThat(backend.finished || client.closed).isFalse();
    backend.taken();
    open.complete(Verdict.forward());
    loop.runPendingTasks();
    assertThat(backend.taken()).isEqualTo(packet(0, query("DELETE FROM watched")));
    assertThat(backend.finished).isTrue();
  }

  @Test
  void anIdleClientsEndIsTheSessionsEnd() {
    login();
    give(true, packet(0, query("SELECT 1")).substring(0, 10));
    session.onClientFinished();
    assertThat(client.closed && backend.closed).isTrue();
  }
}

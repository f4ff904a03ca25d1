package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.Compression;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole session between two legs that are only memory. */
class SessionTest {
  private static final long SERVER = 0xDFFF_FFFFL;
  private static final long CLIENT = Capabilities.PROTOCOL_41 | Capabilities.SECURE_CONNECTION;
  private static final String LOGIN_OK = "00000002000000";
  private static final String OK = "00010002000000";
  private static final String LOST =
      "ffdd07233038533031" + hex("Lost connection to MySQL server during query");
  private static final String DEFINITION =
      "03646566"
          + "00000000"
          + "0131"
          + "00"
          + "0c"
          + "3f00"
          + "01000000"
          + "08"
          + "0100"
          + "00"
          + "0000";
  private static final String DUPLICATE = "ff2604233233303030";

  private final FakePort client = new FakePort();
  private final FakePort backend = new FakePort();
  private final List<String> events = new ArrayList<>();
  private final List<TableName> tables = new ArrayList<>();
  private final List<ByteBuf> given = new ArrayList<>();
  private final EmbeddedChannel loop = new EmbeddedChannel();
  private CompletionStage<Verdict> verdict = CompletableFuture.completedFuture(Verdict.forward());
  private Session session = newSession();

  @BeforeEach
  void start() {
    session.start();
  }

  @AfterEach
  void nothingIsLeftOver() {
    session.close();
    assertThat(given).allMatch(b -> b.refCnt() == 0, "released");
    assertThat(events.stream().filter("closed"::equals)).hasSizeLessThanOrEqualTo(1);
    loop.finishAndReleaseAll();
  }

  private Session newSession() {
    RelaySettings settings =
        new RelaySettings(
            new InetSocketAddress(0),
            new InetSocketAddress(0),
            null,
            null,
            1 << 16,
            Duration.ofSeconds(5),
            1,
            Duration.ofSeconds(1),
            1);
    SessionContext context =
        new SessionContext(
            settings,
            List.of(new Recording()),
            new WatchedNames(List.of(new TableName("db", "watched"))),
            new DruidSqlAnalyzer(),
            new RelayMetrics(new SimpleMeterRegistry()));
    return new Session(context, client, backend, loop.eventLoop());
  }

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

  private void login() {
    login(CLIENT);
  }

  private void login(long capabilities) {
    fromServer(0, greeting());
    fromClient(1, response(capabilities));
    fromServer(2, LOGIN_OK);
    client.taken();
    backend.taken();
  }

  private void fromClient(int sequence, String payload) {
    give(true, packet(sequence, payload));
  }

  private void fromServer(int sequence, String payload) {
    give(false, packet(sequence, payload));
  }

  private void inPieces(String hex, int bytes) {
    for (int at = 0; at < hex.length(); at += 2 * bytes) {
      give(false, hex.substring(at, Math.min(hex.length(), at + 2 * bytes)));
    }
  }

  private void give(boolean fromClient, String hex) {
    ByteBuf in = PooledByteBufAllocator.DEFAULT.buffer();
    in.writeBytes(HexFormat.of().parseHex(hex));
    given.add(in);
    if (fromClient) {
      session.onClient(in);
    } else {
      session.onServer(in);
    }
  }

  private static String packet(int sequence, String payload) {
    ByteBuf b = io.netty.buffer.Unpooled.buffer();
    Frames.write(b, sequence, HexFormat.of().parseHex(payload));
    return io.netty.buffer.ByteBufUtil.hexDump(b);
  }

  private static String query(String sql) {
    return "03" + HexFormat.of().formatHex(sql.getBytes(StandardCharsets.US_ASCII));
  }

  private static String prepare(String sql) {
    return "16" + hex(sql);
  }

  private static String hex(String ascii) {
    return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private static String greeting() {
    return greeting(SERVER);
  }

  private static String greeting(long capabilities) {
    String c = HexFormat.of().toHexDigits((int) capabilities);
    String littleEndian = c.substring(6, 8) + c.substring(4, 6);
    String upper = c.substring(2, 4) + c.substring(0, 2);
    return "0a382e3000"
        + "07000000"
        + "61".repeat(8)
        + "00"
        + littleEndian
        + "ff0200"
        + upper
        + "15"
        + "00".repeat(10)
        + "62".repeat(12)
        + "00";
  }

  private static String response(long capabilities) {
    String c = HexFormat.of().toHexDigits((int) capabilities);
    return c.substring(6, 8)
        + c.substring(4, 6)
        + c.substring(2, 4)
        + c.substring(0, 2)
        + "00000001"
        + "ff"
        + "00".repeat(23)
        + "61707000"
        + "00";
  }

  /** Notes what it is told, and gives the verdict the test has set. */
  private final class Recording implements InterceptorFactory<String>, Interceptor {
    @Override
    public String name() {
      return "recording";
    }

    @Override
    public int order() {
      return 1;
    }

    @Override
    public Class<String> configType() {
      return String.class;
    }

    @Override
    public List<ConfigProblem> check(String config, List<TableConfig> tables) {
      return List.of();
    }

    @Override
    public void start(PluginContext context, String config) {}

    @Override
    public List<String> reload(String config) {
      return List.of();
    }

    @Override
    public Interceptor open(SessionView view) {
      events.add("open");
      return this;
    }

    @Override
    public void close() {}

    @Override
    public boolean attentive() {
      return false;
    }

    @Override
    public CompletionStage<Verdict> before(Exchange exchange) {
      tables.clear();
      exchange.statements().forEach(s -> tables.addAll(s.statement().tables()));
      events.add(
          "before " + exchange.statements().stream().map(s -> s.statement().kind()).toList());
      return verdict;
    }

    @Override
    public void after(Exchange exchange, Outcome outcome) {
      events.add("after " + outcome.error());
    }

    @Override
    public void closed() {
      events.add("closed");
    }
  }
}

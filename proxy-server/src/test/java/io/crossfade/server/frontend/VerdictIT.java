package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the relay does with each verdict, against real MySQL. */
class VerdictIT {
  private static final String SELECT = "SELECT id, v, d FROM watched WHERE id < 10 ORDER BY id";
  private static final List<Row> ROWS = List.of(row("1", "a", "2026-01-02 03:04:05"), row("2"));

  private static final ScriptedPlugin PLUGIN = new ScriptedPlugin();
  private static MySqlServer mysql;
  private static String schema;
  private static RelayFixture relay;

  @BeforeAll
  static void start() throws Exception {
    mysql = SharedServers.mysql();
    schema = mysql.createSchema("verdict");
    relay = new RelayFixture(mysql, List.of(new TableName(schema, "watched")), PLUGIN);
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE watched (id BIGINT PRIMARY KEY, v VARCHAR(50), d DATETIME)");
    }
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  @BeforeEach
  void clean() throws Exception {
    PLUGIN.script = e -> done(Verdict.forward());
    PLUGIN.attentive = false;
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement()) {
      s.execute("DELETE FROM watched");
      s.execute("INSERT INTO watched VALUES (1,'a','2026-01-02 03:04:05'), (2,NULL,NULL)");
    }
    PLUGIN.clear();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Capabilities.DEPRECATE_EOF})
  void anAnswerIsByteForByteWhatMySqlSaid(long capabilities) throws Exception {
    try (RawClient client = client(capabilities)) {
      PLUGIN.script = e -> done(Verdict.forwardAndLearn());
      List<String> learned = client.query(SELECT);
      ResultMetadata metadata = learned();
      PLUGIN.clear();
      PLUGIN.script = e -> done(Verdict.answer(metadata, ROWS));
      assertThat(client.query(SELECT)).isEqualTo(learned);
      assertThat(PLUGIN.outcomes).as("an answered exchange is not reported").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Capabilities.DEPRECATE_EOF | Capabilities.QUERY_ATTRIBUTES})
  void aPreparedAnswerIsByteForByteWhatMySqlSaid(long capabilities) throws Exception {
    try (RawClient client = client(capabilities)) {
      client.command(
          ("\u0016SELECT id, v, d FROM watched WHERE id < ? ORDER BY id")
              .getBytes(StandardCharsets.US_ASCII));
      long id = client.statementId();
      PLUGIN.script = e -> done(Verdict.forwardAndLearn());
      List<String> learned = client.command(execute(id, 0, true, capabilities));
      ResultMetadata metadata = learned();
      PLUGIN.script = e -> done(Verdict.answer(metadata, ROWS));
      assertThat(client.command(execute(id, 0, false, capabilities))).isEqualTo(learned);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Capabilities.QUERY_ATTRIBUTES})
  void mySqlGetsTheParameterTypesThatCameWithAnAnsweredExecution(long capabilities)
      throws Exception {
    try (RawClient client = client(capabilities)) {
      byte[] prepare =
          "\u0016SELECT id, v, d FROM watched WHERE id < ? ORDER BY id"
              .getBytes(StandardCharsets.US_ASCII);
      client.command(prepare);
      PLUGIN.script = e -> done(Verdict.forwardAndLearn());
      List<String> expected = client.command(execute(client.statementId(), 0, true, capabilities));
      ResultMetadata metadata = learned();
      client.command(prepare);
      long second = client.statementId();
      PLUGIN.script = e -> done(Verdict.answer(metadata, ROWS));
      client.command(execute(second, 0, true, capabilities));
      PLUGIN.script = e -> done(Verdict.forward());
      assertThat(client.command(execute(second, 0, false, capabilities))).isEqualTo(expected);
    }
  }

  @Test
  void aCursorIsNeverAnswered() throws Exception {
    try (RawClient client = client(0)) {
      client.command(
          "\u0016SELECT id, v, d FROM watched WHERE id < ? ORDER BY id"
              .getBytes(StandardCharsets.US_ASCII));
      long id = client.statementId();
      PLUGIN.script = e -> done(Verdict.forwardAndLearn());
      client.command(execute(id, 0, true, 0));
      ResultMetadata metadata = learned();
      PLUGIN.script = e -> done(Verdict.answer(metadata, List.of()));
      client.command(execute(id, 1, true, 0));
      assertThat(client.command(fetch(id))).hasSize(3);
      assertThat(
              relay.count(
                  "crossfade.relay.verdicts", "plugin", "scripted", "verdict", "answer-unusable"))
          .isPositive();
    }
  }

  @Test
  void anAnsweredSelectIsReplayedWhenItsDiagnosticsAreAskedFor() throws Exception {
    try (RawClient client = client(0)) {
      PLUGIN.script = e -> done(Verdict.forwardAndLearn());
      client.query(SELECT);
      ResultMetadata metadata = learned();
      client.query("SELECT 1");
      PLUGIN.script = e -> done(Verdict.answer(metadata, ROWS));
      client.query(SELECT);
      client.query("SET @x = 1");
      List<String> found = client.query("SELECT FOUND_ROWS()");
      assertThat(found.get(3)).as("the row").endsWith("0132");
    }
  }

  @Test
  void anAnswerCarriesTheSessionsOwnTransactionFlags() throws Exception {
    try (RawClient client = client(0)) {
      PLUGIN.script = e -> done(Verdict.forwardAndLearn());
      client.query(SELECT);
      ResultMetadata metadata = learned();
      client.query("BEGIN");
      List<String> inTransaction = client.query(SELECT);
      PLUGIN.script = e -> done(Verdict.answer(metadata, ROWS));
      assertThat(client.query(SELECT)).isEqualTo(inTransaction);
    }
  }

  @Test
  void aRefusedCommandDoesNotReachMySql() throws Exception {
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      PLUGIN.script = e -> done(Verdict.refuse(1290, "HY000", "not now"));
      assertThatThrownBy(() -> s.executeUpdate("DELETE FROM watched"))
          .isInstanceOf(SQLException.class)
          .hasMessage("not now")
          .extracting(e -> ((SQLException) e).getErrorCode())
          .isEqualTo(1290);
      PLUGIN.script = e -> done(Verdict.forward());
      assertThat(count(s)).isEqualTo(2);
    }
  }

  @Test
  void aRefusedLargeCommandEndsTheSessionUnexecuted() throws Exception {
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      PLUGIN.script = e -> done(Verdict.refuse(1290, "HY000", "not now"));
      String sql = "DELETE FROM watched /* " + "x".repeat(3 << 20) + " */";
      assertThatThrownBy(() -> s.executeUpdate(sql)).isInstanceOf(SQLException.class);
    }
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement()) {
      assertThat(count(s)).isEqualTo(2);
    }
  }

  @Test
  void aSlowVerdictHoldsTheCommandBack() throws Exception {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    PLUGIN.script = e -> verdict;
    try (Connection c = relay.connect(schema, "app", "app", "socketTimeout=10000");
        Statement s = c.createStatement();
        Connection direct = mysql.connect(schema);
        Statement look = direct.createStatement()) {
      CompletableFuture<Void> shown = new CompletableFuture<>();
      PLUGIN.script =
          e -> {
            shown.complete(null);
            return verdict;
          };
      CompletableFuture<Integer> update =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return s.executeUpdate("DELETE FROM watched WHERE id = 1");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      shown.get(5, TimeUnit.SECONDS);
      assertThat(count(look)).isEqualTo(2);
      verdict.complete(Verdict.forward());
      assertThat(update.get(5, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "fails", "never", "null"})
  void aBrokenPluginIsCountedAndTheCommandGoesOn(String how) throws Exception {
    PLUGIN.script = broken(how);
    double before = failures();
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      assertThat(s.executeUpdate("DELETE FROM watched")).isEqualTo(2);
    }
    assertThat(failures()).isGreaterThan(before);
  }

  private static Function<Exchange, CompletionStage<Verdict>> broken(String how) {
    return switch (how) {
      case "throws" ->
          e -> {
            throw new IllegalStateException("broken");
          };
      case "fails" -> e -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
      case "never" -> e -> new CompletableFuture<>();
      default -> e -> CompletableFuture.completedFuture(null);
    };
  }

  private static double failures() {
    return relay.meters.find("crossfade.relay.plugin.failures").counters().stream()
        .mapToDouble(c -> c.count())
        .sum();
  }

  @Test
  void tellsTheSessionVariablesAndAsksAgainOnlyAfterTheyMayHaveChanged() throws Exception {
    List<SessionFacts> seen = new CopyOnWriteArrayList<>();
    PLUGIN.script =
        e ->
            e.session()
                .facts()
                .thenApply(
                    facts -> {
                      seen.add(facts);
                      return Verdict.forward();
                    });
    try (RawClient client = client(0)) {
      client.query(
          "SET SESSION sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone='+02:00', sql_select_limit=0");
      double before = relay.count("crossfade.relay.injected", "query", "facts");
      client.query("SET character_set_results = utf16");
      client.query("SELECT id FROM watched");
      SessionFacts first = seen.get(0);
      assertThat(first.timeZone()).isEqualTo("+02:00");
      assertThat(first.sqlSelectLimit()).isEqualTo("0");
      assertThat(first.characterSetResults()).isEqualTo("utf16");
      assertThat(first.lexerMode().ansiQuotes()).isTrue();
      assertThat(first.account()).startsWith("app@");
      assertThat(first.role()).isEqualTo("NONE");
      assertThat(first.isolation()).isEqualTo("REPEATABLE-READ");
      client.query("SELECT id FROM watched");
      client.query("SELECT 1");
      client.query("SELECT id FROM watched");
      assertThat(relay.count("crossfade.relay.injected", "query", "facts")).isEqualTo(before + 1);
      client.query("SET time_zone = '+03:00'");
      client.query("SELECT id FROM watched");
      assertThat(seen).last().extracting(SessionFacts::timeZone).isEqualTo("+03:00");
    }
  }

  @Test
  void doesNotAskForVariablesAheadOfAWrite() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    PLUGIN.script =
        e ->
            e.session()
                .facts()
                .handle(
                    (facts, error) -> {
                      failure.set(error);
                      return Verdict.forward();
                    });
    try (RawClient client = client(0)) {
      client.query("DELETE FROM watched");
      assertThat(failure.get()).hasMessageContaining("before a SELECT");
    }
  }

  @Test
  void keepsTheOrderOfPipelinedCommands() throws Exception {
    PLUGIN.script =
        e ->
            CompletableFuture.supplyAsync(
                Verdict::forward, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
    try (RawClient client = client(0)) {
      ByteBuf all = Unpooled.buffer();
      List<String> texts =
          List.of(
              "SELECT 1",
              "DELETE FROM watched",
              "SELECT 2",
              "SELECT COUNT(*) FROM watched",
              "SELECT 3");
      for (String text : texts) {
        all.writeMediumLE(1 + text.length());
        all.writeByte(0);
        all.writeByte(3);
        all.writeCharSequence(text, StandardCharsets.US_ASCII);
      }
      client.sendRaw(ByteBufUtil.getBytes(all));
      List<String> rows = new ArrayList<>();
      for (String text : texts) {
        List<String> answer = client.answer(CommandType.QUERY.answer());
        rows.add(answer.size() == 1 ? "ok" : answer.get(3).substring(8));
      }
      assertThat(rows).containsExactly("0131", "ok", "0132", "0130", "0133");
    }
    assertThat(PLUGIN.shown(Kind.DELETE)).isEqualTo(1);
    assertThat(PLUGIN.shown(Kind.SELECT)).isEqualTo(1);
  }

  private static ResultMetadata learned() {
    return PLUGIN.outcomes.stream()
        .map(o -> o.metadata())
        .filter(m -> m != null)
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  private static RawClient client(long capabilities) throws Exception {
    return new RawClient("127.0.0.1", relay.address.getPort(), schema, capabilities);
  }

  private static int count(Statement s) throws SQLException {
    try (ResultSet r = s.executeQuery("SELECT COUNT(*) FROM watched")) {
      r.next();
      return r.getInt(1);
    }
  }

  /** The rest of the three columns is NULL. */
  private static Row row(String... values) {
    byte[][] bytes = new byte[3][];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = values[i].getBytes(StandardCharsets.UTF_8);
    }
    return new Row(bytes);
  }

  private static CompletionStage<Verdict> done(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }

  private static byte[] fetch(long statement) {
    ByteBuf b = Unpooled.buffer();
    b.writeByte(CommandType.STMT_FETCH.code());
    b.writeIntLE((int) statement);
    b.writeIntLE(10);
    return ByteBufUtil.getBytes(b);
  }

  private static byte[] execute(long statement, int flags, boolean types, long capabilities) {
    boolean attributes = Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES);
    ByteBuf b = Unpooled.buffer();
    b.writeByte(CommandType.STMT_EXECUTE.code());
    b.writeIntLE((int) statement);
    b.writeByte(attributes ? flags | 8 : flags);
    b.writeIntLE(1);
    if (attributes) {
      b.writeByte(1);
    }
    b.writeByte(0);
    b.writeBoolean(types);
    if (types) {
      b.writeShortLE(3);
      if (attributes) {
        b.writeByte(0);
      }
    }
    b.writeIntLE(10);
    return ByteBufUtil.getBytes(b);
  }
}

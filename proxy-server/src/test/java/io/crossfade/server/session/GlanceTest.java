package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.Handshake;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever passes here is never shown to a plugin: when in doubt it must not. */
class GlanceTest {
  private final SessionContext context =
      new SessionContext(
          SessionFixture.settings(),
          List.of(),
          new WatchedNames(List.of(new TableName("db", "watched"))),
          new DruidSqlAnalyzer(),
          new RelayMetrics(new SimpleMeterRegistry()));
  private boolean attentive;
  private boolean plugged = true;
  private boolean multiStatements;
  private long capabilities;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 FROM plain",
        "  select * from plain where a = 'x'",
        "INSERT INTO plain VALUES (1)",
        "COMMIT",
        "SHOW TABLES"
      })
  void anOrdinaryStatementOnAnotherTablePasses(String sql) {
    assertThat(query(sql)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM Watched",
        "DELETE FROM db.`watched`",
        "CALL p()",
        "LOAD DATA INFILE 'x' INTO TABLE plain",
        "/*!50000 SELECT */ 1",
        "SELECT/**/1",
        "USE other",
        "DROP DATABASE db",
        "SELECTED",
        "",
        "   "
      })
  void whatIsNotCertainDoesNotPass(String sql) {
    assertThat(query(sql)).isFalse();
  }

  @Test
  void severalStatementsDoNotPassWhereTheyAreAllowed() {
    assertThat(query("SELECT 1; CALL p()")).isTrue();
    multiStatements = true;
    assertThat(query("SELECT 1; CALL p()")).isFalse();
  }

  @Test
  void nothingPassesAnAttentivePlugin() {
    attentive = true;
    assertThat(query("SELECT 1")).isFalse();
    assertThat(bytes("03" + "00")).isFalse();
  }

  @Test
  void everyStatementPassesWithoutPlugins() {
    plugged = false;
    assertThat(query("DELETE FROM watched")).isTrue();
    assertThat(bytes("17 07000000 00 01000000")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0e", "01", "16 53454c4543542031", "17", "17 01000000 00 010000"})
  void otherCommandsAndPiecesDoNotPass(String payload) {
    plugged = false;
    assertThat(bytes(payload)).isFalse();
  }

  @Test
  void queryAttributesDoNotPass() {
    capabilities = Capabilities.QUERY_ATTRIBUTES;
    String sql = hex("SELECT 1");
    assertThat(bytes("03 00 01" + sql)).isTrue();
    assertThat(bytes("03 01 01" + sql)).isFalse();
    assertThat(bytes("03 00 02" + sql)).isFalse();
    assertThat(bytes("03 00")).isFalse();
  }

  @Test
  void anExecutionPassesWhenItsStatementIsNoHitAndItBringsNoTypes() {
    String head = "17 01000000 00 01000000";
    assertThat(bytes(head + "00 00 05")).as("unknown").isFalse();
    PreparedStatement statement = new PreparedStatement(null, false, false, 2);
    assertThat(execution(statement, head + "00 00 05")).isTrue();
    assertThat(execution(statement, head + "00 01 0800 0800 05")).as("types").isFalse();
    assertThat(execution(statement, head + "00")).as("cut off").isFalse();
    statement.longData().set(1);
    assertThat(execution(statement, head + "00 00 05")).as("long data").isFalse();
    statement.longData().clear();
    statement.mysqlKnowsTypes(false);
    assertThat(execution(statement, head + "00 00 05")).as("types are missing").isFalse();
    statement.mysqlKnowsTypes(true);
    statement.suspect();
    assertThat(execution(statement, head + "00 00 05")).as("hit").isFalse();
  }

  @Test
  void anExecutionPassesWithTheNumberOfItsParameters() {
    capabilities = Capabilities.QUERY_ATTRIBUTES;
    PreparedStatement statement = new PreparedStatement(null, false, false, 2);
    String head = "17 01000000 08 01000000";
    assertThat(execution(statement, head + "02 00 00 05")).isTrue();
    assertThat(execution(statement, head + "03 00 00 05")).as("attributes").isFalse();
    assertThat(execution(statement, head + "02 00 01 05")).as("types").isFalse();
    assertThat(execution(statement, head)).as("cut off").isFalse();
  }

  @Test
  void aStatementThatSetsVariablesMakesThemUnknown() {
    SessionState state = state();
    state.facts(new SessionFacts("", "", "", "", "", "", "", ""));
    assertThat(passes(state, payload("03" + hex("SELECT 1")))).isTrue();
    assertThat(state.factsKnown()).isTrue();
    assertThat(passes(state, payload("03" + hex("SET autocommit = 0")))).isTrue();
    assertThat(state.factsKnown()).isFalse();
  }

  @Test
  void theWordIsReadAsTheSlowWayReadsIt() {
    for (Kind kind : Kind.values()) {
      for (String tail : List.of("", " x", "\tx", "(x", ";")) {
        String text = kind.name() + tail;
        ByteBuf in = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII));
        Kind plain = FirstWord.plain(in, 0, in.writerIndex());
        assertThat(plain)
            .as(text)
            .isIn(null, new DruidSqlAnalyzer().firstWord(text.getBytes(StandardCharsets.US_ASCII)));
      }
    }
  }

  private boolean query(String sql) {
    return bytes("03" + hex(sql));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuf payload(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex("00000000" + hex.replace(" ", "")));
  }

  private boolean bytes(String hex) {
    return passes(state(), payload(hex));
  }

  private boolean passes(SessionState state, ByteBuf in) {
    return glance(state, new PreparedStatements(context, state)).passes(in, 4, in.writerIndex());
  }

  private boolean execution(PreparedStatement statement, String hex) {
    SessionState state = state();
    PreparedStatements prepared = new PreparedStatements(context, state);
    prepared.put(1, statement);
    ByteBuf in = payload(hex);
    return glance(state, prepared).passes(in, 4, in.writerIndex());
  }

  private Glance glance(SessionState state, PreparedStatements prepared) {
    List<Plugin> plugins = plugged ? List.of(new Plugin("test", new Watching())) : List.of();
    return new Glance(context, state, plugins, prepared);
  }

  private SessionState state() {
    return new SessionState(
        1,
        new InetSocketAddress(0),
        new Handshake("8.0.31", 1, capabilities, 0),
        capabilities,
        multiStatements,
        "app",
        "db");
  }

  private final class Watching implements Interceptor {
    @Override
    public boolean attentive() {
      return attentive;
    }

    @Override
    public CompletionStage<Verdict> before(Exchange exchange) {
      throw new AssertionError("asked");
    }

    @Override
    public void after(Exchange exchange, Outcome outcome) {}

    @Override
    public void closed() {}
  }
}

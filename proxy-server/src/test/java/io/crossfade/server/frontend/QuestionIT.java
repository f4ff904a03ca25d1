package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Reply;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions of a plugin's ahead of a client's statement, against real MySQL. */
class QuestionIT {
  private static final ScriptedPlugin PLUGIN = new ScriptedPlugin();
  private static final Queue<Reply> REPLIES = new ConcurrentLinkedQueue<>();
  private static final Queue<TransactionState> STATES = new ConcurrentLinkedQueue<>();

  private static MySqlServer mysql;
  private static String schema;
  private static RelayFixture relay;

  @BeforeAll
  static void start() throws Exception {
    mysql = SharedServers.mysql();
    schema = mysql.createSchema("question");
    relay = new RelayFixture(mysql, List.of(new TableName(schema, "watched")), PLUGIN);
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE watched (id BIGINT PRIMARY KEY, v INT)");
    }
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  @BeforeEach
  void clean() throws Exception {
    PLUGIN.script = QuestionIT::ask;
    PLUGIN.attentive = false;
    REPLIES.clear();
    STATES.clear();
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement()) {
      s.execute("DELETE FROM watched");
      s.execute(
          "INSERT INTO watched WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
              + " WHERE i < 300) SELECT i, 0 FROM n");
    }
    PLUGIN.clear();
  }

  /** Asks for the rows of every DELETE that can be asked about. */
  private static CompletionStage<Verdict> ask(Exchange e) {
    if (!e.askable() || e.statements().get(0).statement().kind() != Kind.DELETE) {
      return CompletableFuture.completedFuture(Verdict.forward());
    }
    byte[] sql =
        "SELECT id, NULL FROM watched WHERE v = 0 AND id <= 5 LIMIT 100 FOR UPDATE"
            .getBytes(StandardCharsets.US_ASCII);
    return e.ask(sql)
        .thenApply(
            reply -> {
              REPLIES.add(reply);
              STATES.add(e.session().transaction());
              return reply.error() == 1213
                  ? Verdict.refuse(reply.error(), reply.sqlState(), reply.message())
                  : Verdict.forward();
            });
  }

  private static final String DELETE = "DELETE FROM watched WHERE v = 0 AND id <= 5";

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 10, 11, 100, 101, 300})
  void foundRowsAreWhatTheyWereBeforeTheQuestion(int rows) throws Exception {
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      s.executeUpdate("UPDATE watched SET v = 0 WHERE id = 1");
      s.executeQuery("SELECT id FROM watched LIMIT " + rows).close();
      assertThat(s.executeUpdate(DELETE)).isEqualTo(5);
      try (ResultSet r = s.executeQuery("SELECT ROW_COUNT(), FOUND_ROWS()")) {
        r.next();
        assertThat(r.getLong(1)).isEqualTo(5);
        assertThat(r.getLong(2)).isEqualTo(rows);
      }
      c.rollback();
    }
    assertThat(REPLIES)
        .singleElement()
        .satisfies(
            reply -> {
              assertThat(reply.rows()).hasSize(5);
              assertThat(reply.rows().get(0).get(0)).asString().isEqualTo("1");
              assertThat(reply.rows().get(0).get(1)).isNull();
            });
  }

  @Test
  void whoeverLeftVeryManyRowsIsAskedOnlyOnce() throws Exception {
    String many = "SELECT 1 FROM watched a JOIN watched b LIMIT 20000";
    try (Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      PLUGIN.attentive = true;
      s.executeUpdate("UPDATE watched SET v = 0 WHERE id = 1");
      s.executeQuery(many).close();
      s.executeUpdate(DELETE);
      s.executeUpdate(DELETE);
      assertThat(REPLIES).hasSize(1);
      try (ResultSet r = s.executeQuery("SELECT FOUND_ROWS()")) {
        r.next();
        assertThat(r.getLong(1)).isEqualTo(20_000);
      }
      s.executeUpdate(DELETE);
      assertThat(REPLIES).as("a SELECT later").hasSize(2);
      c.rollback();
    }
  }

  @Test
  void aQuestionMayWaitLongerThanAPluginMayThink() throws Exception {
    try (Connection holder = mysql.connect(schema);
        Statement hold = holder.createStatement();
        Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      holder.setAutoCommit(false);
      hold.executeUpdate("UPDATE watched SET v = 0 WHERE id = 3");
      hold.executeUpdate("UPDATE watched SET v = 1 WHERE id = 3");
      c.setAutoCommit(false);
      s.executeUpdate("UPDATE watched SET v = 0 WHERE id = 1");
      CompletableFuture<Integer> deleted =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return s.executeUpdate(DELETE);
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      Awaitility.await()
          .pollDelay(RelayFixture.TIME_LIMIT.multipliedBy(2))
          .atMost(Duration.ofSeconds(10))
          .until(() -> !deleted.isDone());
      holder.commit();
      assertThat(deleted.join()).isEqualTo(4);
      c.rollback();
    }
    assertThat(REPLIES).singleElement().satisfies(r -> assertThat(r.rows()).hasSize(4));
    assertThat(
            relay.count("crossfade.relay.plugin.failures", "plugin", "scripted", "how", "timeout"))
        .isZero();
  }

  @Test
  void anErrorThatEndsOnlyTheQuestionLeavesTheTransactionOpen() throws Exception {
    try (Connection holder = mysql.connect(schema);
        Statement hold = holder.createStatement();
        Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      holder.setAutoCommit(false);
      hold.executeUpdate("UPDATE watched SET v = 1 WHERE id = 3");
      s.execute("SET innodb_lock_wait_timeout = 1");
      c.setAutoCommit(false);
      s.executeUpdate("UPDATE watched SET v = 2 WHERE id = 1");
      assertThatThrownBy(() -> s.executeUpdate(DELETE))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Lock wait timeout");
      assertThat(REPLIES).singleElement().satisfies(r -> assertThat(r.error()).isEqualTo(1205));
      assertThat(STATES).containsExactly(TransactionState.OPEN);
      holder.rollback();
      c.commit();
    }
  }

  @Test
  void aDeadlockOfTheQuestionIsTheClientsOwn() throws Exception {
    try (Connection other = mysql.connect(schema);
        Statement theirs = other.createStatement();
        Connection c = relay.connect(schema);
        Statement s = c.createStatement()) {
      other.setAutoCommit(false);
      theirs.executeUpdate("UPDATE watched SET v = 9 WHERE id > 100");
      theirs.executeUpdate("UPDATE watched SET v = 1 WHERE id = 3");
      c.setAutoCommit(false);
      s.executeUpdate("UPDATE watched SET v = 2 WHERE id = 10");
      s.executeQuery("SELECT id FROM watched LIMIT 7").close();
      CompletableFuture<Void> crossing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  theirs.executeUpdate("UPDATE watched SET v = 1 WHERE id = 10");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(() -> s.executeUpdate(DELETE))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                assertThat(e.getErrorCode()).isEqualTo(1213);
                assertThat(e.getSQLState()).isEqualTo("40001");
                assertThat(e.getMessage()).contains("try restarting transaction");
              });
      crossing.join();
      assertThat(REPLIES).singleElement().satisfies(r -> assertThat(r.error()).isEqualTo(1213));
      try (ResultSet r = s.executeQuery("SHOW WARNINGS")) {
        assertThat(r.next()).isTrue();
        assertThat(r.getInt(2)).isEqualTo(1213);
      }
      other.rollback();
    }
  }

  @Test
  void nothingCanBeAskedWhereItCouldBeNoticed() throws Exception {
    try (Connection c =
            relay.connect(schema, "app", "app", "allowMultiQueries=true&trackSessionState=true");
        Statement s = c.createStatement()) {
      s.executeUpdate(DELETE);
      c.setAutoCommit(false);
      s.executeUpdate("UPDATE watched SET v = 0 WHERE id = 10");
      s.executeUpdate(DELETE + " AND ROW_COUNT() = 77");
      s.execute(DELETE + "; SELECT 1");
      c.commit();
      s.execute("START TRANSACTION READ ONLY");
      assertThatThrownBy(() -> s.executeUpdate(DELETE)).hasMessageContaining("READ ONLY");
      c.rollback();
      s.execute("SET session_track_transaction_info = 'STATE'");
      s.execute("BEGIN");
      s.executeUpdate(DELETE);
      c.rollback();
    }
    assertThat(REPLIES).isEmpty();
  }
}

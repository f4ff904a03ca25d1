package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.FaultyLink;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.server.protocol.AnswerShape;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MySQL goes away, or the client does: what the other side sees, and that nothing is left. */
class FaultsIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String LOST = "2013/08S01";
  private static final String LARGE =
      "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
          + " SELECT REPEAT('x', 300000) FROM n";

  private static EmbeddedMySql mysql;
  private static FaultyLink link;
  private static RelayFixture relay;
  private static RelayFixture linked;
  private static long memory;

  /** The drivers whose view is compared. */
  private enum Driver {
    CONNECTOR_J("jdbc:mysql", "allowPublicKeyRetrieval=true&sslMode=DISABLED"),
    MARIADB("jdbc:mariadb", "allowPublicKeyRetrieval=true&sslMode=disable");

    private final String scheme;
    private final String options;

    Driver(String scheme, String options) {
      this.scheme = scheme;
      this.options = options;
    }

    Connection connect(int port) throws SQLException {
      return DriverManager.getConnection(
          scheme + "://127.0.0.1:" + port + "/?user=app&password=app&" + options);
    }
  }

  @BeforeAll
  static void start() {
    mysql = EmbeddedMySql.start(MySqlOptions.temporary());
    link = FaultyLink.to("127.0.0.1", mysql.port());
    relay = new RelayFixture(mysql, List.of());
    linked = new RelayFixture(RelayFixture.settings("127.0.0.1", link.port(), 100), List.of());
    memory = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
  }

  @AfterAll
  static void stop() {
    relay.close();
    linked.close();
    link.close();
    mysql.close();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    link.heal();
    if (!mysql.isAlive()) {
      mysql.restart();
    }
    await("the sessions are over")
        .atMost(SOON)
        .until(() -> relay.server.connections() + linked.server.connections() == 0);
    await("MySQL's threads are gone").atMost(SOON).until(() -> threads("app").isEmpty());
    await("the buffers are given back")
        .atMost(SOON)
        .until(() -> PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() <= memory);
    assertThat(ownSocketsTo(relay.address.getPort())).isZero();
  }

  private static int ownSocketsTo(int port) throws IOException {
    Path table = Path.of("/proc/self/net/tcp");
    String local = String.format(":%04X", port);
    return Files.exists(table)
        ? (int)
            Files.readAllLines(table).stream()
                .map(line -> line.strip().split(" +"))
                .filter(f -> f[1].endsWith(local) && (f[3].equals("01") || f[3].equals("08")))
                .count()
        : 0;
  }

  private static List<Long> threads(String user) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SHOW PROCESSLIST")) {
      while (r.next()) {
        if (user.equals(r.getString("User"))) {
          ids.add(r.getLong("Id"));
        }
      }
    }
    return ids;
  }

  private static void awaitSleep() {
    await("the query runs")
        .atMost(SOON)
        .until(
            () -> {
              try (Connection c = mysql.connect("");
                  Statement s = c.createStatement();
                  ResultSet r =
                      s.executeQuery(
                          "SELECT COUNT(*) FROM information_schema.processlist"
                              + " WHERE state = 'User sleep'")) {
                return r.next() && r.getInt(1) == 1;
              }
            });
  }

  private interface Fault {
    void strike() throws Exception;
  }

  private static String seen(SQLException e) {
    return e.getErrorCode() + "/" + e.getSQLState();
  }

  /** What the driver says when {@code fault} strikes while it waits for an answer. */
  private static String whileWaiting(Driver driver, int port, Fault fault) throws Exception {
    try (Connection c = driver.connect(port);
        Statement s = c.createStatement()) {
      CompletableFuture<String> said =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  s.executeQuery("SELECT SLEEP(60) FROM (SELECT 1) AS one WHERE SLEEP(60)");
                  return "an answer";
                } catch (SQLException e) {
                  return seen(e);
                }
              });
      awaitSleep();
      fault.strike();
      String result = said.get(20, TimeUnit.SECONDS);
      if (!result.startsWith("1317/")) {
        assertThat(c.isValid(5)).as("the connection is of no use").isFalse();
      }
      return result;
    }
  }

  /** What the driver says to its next statement after {@code fault} struck while it was idle. */
  private static String afterwards(Driver driver, int port, Fault fault) throws Exception {
    try (Connection c = driver.connect(port);
        Statement s = c.createStatement()) {
      fault.strike();
      try {
        s.executeQuery("SELECT 1");
        return "an answer";
      } catch (SQLException e) {
        return seen(e);
      }
    }
  }

  private static void killMySql() {
    mysql.kill9();
  }

  private static void restartMySql() {
    if (!mysql.isAlive()) {
      mysql.restart();
    }
  }

  private static void kill(String how) throws SQLException {
    List<Long> ids = threads("app");
    assertThat(ids).hasSize(1);
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement()) {
      s.execute(how + ids.get(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQueryUnderWayWhenMySqlIsKilledEndsWithMySqlsOwnError(Driver driver) throws Exception {
    assertThat(whileWaiting(driver, mysql.port(), FaultsIT::killMySql)).contains("/08");
    restartMySql();
    assertThat(whileWaiting(driver, relay.address.getPort(), FaultsIT::killMySql)).isEqualTo(LOST);
  }

  @ParameterizedTest
  @EnumSource
  void aQueryUnderWayWhenTheLinkIsCutEndsWithMySqlsOwnError(Driver driver) throws Exception {
    assertThat(whileWaiting(driver, link.port(), link::cut)).contains("/08");
    assertThat(whileWaiting(driver, linked.address.getPort(), link::cut)).isEqualTo(LOST);
  }

  @ParameterizedTest
  @EnumSource
  void aStatementAfterMySqlWasKilledFailsAsDirectly(Driver driver) throws Exception {
    String direct = afterwards(driver, mysql.port(), FaultsIT::killMySql);
    restartMySql();
    assertThat(afterwards(driver, relay.address.getPort(), FaultsIT::killMySql)).isEqualTo(direct);
  }

  @ParameterizedTest
  @EnumSource
  void anOrderlyShutdownIsSeenAsDirectly(Driver driver) throws Exception {
    String direct = whileWaiting(driver, mysql.port(), mysql::stop);
    restartMySql();
    String proxied = whileWaiting(driver, relay.address.getPort(), mysql::stop);
    assertThat(proxied).isIn(direct, direct.contains("/08") ? LOST : direct);
  }

  @ParameterizedTest
  @EnumSource
  void aKilledQueryAndAKilledConnectionAreSeenAsDirectly(Driver driver) throws Exception {
    for (String how : List.of("KILL QUERY ", "KILL ")) {
      String direct = whileWaiting(driver, mysql.port(), () -> kill(how));
      await().atMost(SOON).until(() -> threads("app").isEmpty());
      String proxied = whileWaiting(driver, relay.address.getPort(), () -> kill(how));
      assertThat(proxied).isIn(direct, direct.contains("/08") ? LOST : direct);
      await().atMost(SOON).until(() -> threads("app").isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatMySqlSaysToAnIdleClientBeforeItGoesIsPassedOn(Driver driver) throws Exception {
    Fault killed =
        () -> {
          long id = threads("app").get(0);
          kill("KILL ");
          await().atMost(SOON).until(() -> !threads("app").contains(id));
        };
    String direct = afterwards(driver, mysql.port(), killed);
    assertThat(afterwards(driver, relay.address.getPort(), killed)).isEqualTo(direct);
  }

  @ParameterizedTest
  @EnumSource
  void theDriversCancelReachesTheQuery(Driver driver) throws Exception {
    try (Connection c = driver.connect(relay.address.getPort());
        Statement s = c.createStatement()) {
      CompletableFuture<Integer> error =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  s.executeQuery("SELECT 1 FROM (SELECT 1) AS one WHERE SLEEP(60)");
                  return 0;
                } catch (SQLException e) {
                  return Math.max(1, e.getErrorCode());
                }
              });
      awaitSleep();
      s.cancel();
      assertThat(error.get(20, TimeUnit.SECONDS)).isNotZero();
      assertThat(c.isValid(5)).as("the session goes on").isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMySqlThatRefusesIsError2003(Driver driver) throws Exception {
    link.refuse();
    try {
      driver.connect(linked.address.getPort()).close();
      assertThat(false).as("refused").isTrue();
    } catch (SQLException e) {
      assertThat(causes(e)).anyMatch(text -> text.contains("Can't connect to MySQL server"));
    }
  }

  @Test
  void aMySqlThatRefusesForAMomentIsNotNoticed() throws Exception {
    link.refuse();
    CompletableFuture<Connection> connecting =
        CompletableFuture.supplyAsync(() -> connect(linked.address.getPort()));
    await().until(() -> linked.count("crossfade.relay.mysql.connect.retries") > 0);
    link.heal();
    try (Connection c = connecting.get(20, TimeUnit.SECONDS)) {
      assertThat(c.isValid(5)).isTrue();
    }
  }

  private static Connection connect(int port) {
    try {
      return Driver.MARIADB.connect(port);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> causes(Throwable e) {
    List<String> out = new ArrayList<>();
    for (Throwable t = e; t != null; t = t.getCause()) {
      out.add(String.valueOf(t.getMessage()));
    }
    return out;
  }

  @Test
  void aMySqlThatGoesBeforeItsGreetingOrInTheLoginIsAnEnd() throws Exception {
    link.blackhole();
    try (Socket early = new Socket("127.0.0.1", linked.address.getPort())) {
      await().atMost(SOON).until(() -> link.connections() == 1);
      link.cut();
      early.setSoTimeout(20_000);
      assertThat(ended(early)).isTrue();
    }
    link.heal();
    try (Socket login = new Socket("127.0.0.1", linked.address.getPort())) {
      login.setSoTimeout(20_000);
      assertThat(login.getInputStream().read()).as("a greeting").isPositive();
      link.cut();
      assertThat(ended(login)).isTrue();
    }
  }

  private static boolean ended(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketException e) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "close"})
  void mySqlsThreadEndsSoonWhenTheClientGoesInMidResult(String how) throws Exception {
    RawClient client = new RawClient("127.0.0.1", relay.address.getPort(), "", 0);
    client.sendQuery(LARGE);
    assertThat(client.input().read()).isNotNegative();
    assertThat(threads("app")).hasSize(1);
    if (how.equals("reset")) {
      client.reset();
    } else {
      client.close();
    }
    await("MySQL's thread is gone")
        .atMost(Duration.ofSeconds(5))
        .until(() -> threads("app").isEmpty());
  }

  @Test
  void aClientThatOnlyStopsSendingGetsItsAnswerAsDirectly() throws Exception {
    byte[] direct = halfClosed(mysql.port());
    assertThat(direct).hasSizeGreaterThan(100_000);
    assertThat(halfClosed(relay.address.getPort())).isEqualTo(direct);
  }

  /** All that comes after the client has said that it sends nothing more. */
  private static byte[] halfClosed(int port) throws Exception {
    try (RawClient client = new RawClient("127.0.0.1", port, "", 0)) {
      client.sendQuery("SELECT REPEAT('y', 100000), SLEEP(1)");
      client.finish();
      return client.input().readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {900_000, 1_300_000})
  void uploadsToAMySqlThatStandsStillCostNoMemory(int size) throws Exception {
    int commands = 120;
    byte[] text = new byte[size];
    Arrays.fill(text, (byte) 'x');
    String sql =
        "SELECT LENGTH('" + new String(text, java.nio.charset.StandardCharsets.US_ASCII) + "')";
    try (RawClient client = new RawClient("127.0.0.1", relay.address.getPort(), "", 0)) {
      long before = used();
      double received = relay.count("crossfade.relay.bytes", "from", "client");
      AtomicInteger sent = new AtomicInteger();
      mysql.pause();
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (sent.get() < commands) {
                    client.sendQuery(sql);
                    sent.incrementAndGet();
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      await("the client is held back")
          .during(Duration.ofSeconds(2))
          .atMost(SOON)
          .until(unchanged(sent));
      assertThat(sent.get()).isLessThan(commands);
      assertThat(relay.count("crossfade.relay.bytes", "from", "client") - received)
          .isLessThan(40 << 20);
      assertThat(used() - before).isLessThan(24L << 20);
      mysql.resume();
      for (int i = 0; i < commands; i++) {
        assertThat(client.answer(AnswerShape.RESULTS)).hasSize(5);
      }
      writer.get(20, TimeUnit.SECONDS);
      assertThat(used() - before).isLessThan(24L << 20);
    }
  }

  private static java.util.concurrent.Callable<Boolean> unchanged(AtomicInteger value) {
    AtomicInteger last = new AtomicInteger(-1);
    return () -> last.getAndSet(value.get()) == value.get();
  }

  private static long used() {
    var metric = PooledByteBufAllocator.DEFAULT.metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }
}

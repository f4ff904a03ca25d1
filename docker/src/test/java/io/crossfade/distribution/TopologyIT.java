package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.FaultyLink;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.workload.Workload;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** I3 and I4 where there is more than one MySQL, more than one proxy, more than one session. */
class TopologyIT {
  private static final int ROWS = 2_000;

  /** MySQL as its address leads to it, which may move. */
  private record Behind(FaultyLink link) implements MySqlServer {
    @Override
    public String host() {
      return link.host();
    }

    @Override
    public int port() {
      return link.port();
    }

    @Override
    public Connection connect(String database) throws SQLException {
      return DriverManager.getConnection(jdbcUrl(database), "root", "");
    }
  }

  /**
   * The new primary lacks what the old one committed last and HBase already has; pooled connections
   * to the old one are open all the while, and it stays writable for a time.
   */
  @Test
  void hbaseEqualsTheNewPrimaryAfterAFailoverThatLostATail() throws Exception {
    try (EmbeddedMySql old = EmbeddedMySql.start(MySqlOptions.temporary());
        EmbeddedMySql next =
            EmbeddedMySql.start(MySqlOptions.temporary().withFlags("--server-id=2"));
        FaultyLink address = FaultyLink.to(old.host(), old.port())) {
      replicate(old, next);
      try (Migration m =
              new Migration(
                  new Behind(address), SharedServers.hbase().bootstrapServers(), "wide", ROWS);
          Workload clients = m.startClients(8, 300)) {
        m.switchReads();
        assertThat(trouble(next)).isEqualTo("Yes Yes");
        execute(next, "STOP REPLICA IO_THREAD");
        FaultBed.awaitOperations(clients, 600);
        m.awaitHBaseAnswers();
        execute(next, "STOP REPLICA");
        execute(next, "RESET REPLICA ALL");
        assertThat(missing(old, next)).as("transactions the new primary lacks").isNotEmpty();
        execute(next, "SET GLOBAL super_read_only=OFF, GLOBAL read_only=OFF");
        address.repoint(next.host(), next.port());
        FaultBed.awaitOperations(clients, 200);
        execute(old, "SET GLOBAL super_read_only=ON");
        FaultBed.awaitOperations(clients, 100);
        old.kill9();
        FaultBed.awaitOperations(clients, 300);
        m.awaitHBaseAnswers();
        clients.close();
        assertEqual(m);
        assertThat(m.mirror().path("incidents").toString()).contains("primary-changed");
      }
    }
  }

  private static void replicate(EmbeddedMySql source, EmbeddedMySql replica) throws SQLException {
    // Both were made alike, with the same accounts.
    execute(replica, "RESET MASTER");
    execute(replica, "SET GLOBAL gtid_purged='" + ask(source, "SELECT @@gtid_executed") + "'");
    execute(replica, "SET GLOBAL super_read_only=ON");
    execute(
        replica,
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_USER='root',"
            + " SOURCE_AUTO_POSITION=1, SOURCE_PORT="
            + source.port());
    execute(replica, "START REPLICA");
    Awaitility.await("replication")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(trouble(replica)).isEqualTo("Yes Yes"));
  }

  private static String trouble(EmbeddedMySql replica) throws SQLException {
    try (Connection c = replica.connect("");
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SHOW REPLICA STATUS")) {
      r.next();
      return (r.getString("Replica_IO_Running")
              + " "
              + r.getString("Replica_SQL_Running")
              + " "
              + r.getString("Last_IO_Error")
              + r.getString("Last_SQL_Error"))
          .trim();
    }
  }

  private static String missing(EmbeddedMySql old, EmbeddedMySql next) throws SQLException {
    return ask(
        next,
        "SELECT GTID_SUBTRACT('" + ask(old, "SELECT @@gtid_executed") + "', @@gtid_executed)");
  }

  /** Clients spread over both, changing the same rows; one proxy is killed and comes back. */
  @Test
  void severalProxiesConverge() throws Exception {
    try (Migration m =
            new Migration(
                SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), "tall", ROWS);
        Migration.Second other = m.startSecond();
        Workload clients = m.startClients(5, 200);
        Workload others = m.startClients(other, 5, 200)) {
      m.command("backfill");
      m.awaitDone("backfill");
      FaultBed.awaitOperations(others, 300);
      m.proxy().kill9();
      FaultBed.awaitOperations(others, 300);
      m.proxy().restart();
      m.proxy().awaitReady(Duration.ofMinutes(1));
      FaultBed.awaitOperations(clients, 300);
      clients.close();
      others.close();
      assertThat(others.tally().errors()).as("%s", others.tally().firstErrors()).isZero();
      other.awaitClean();
      assertEqual(m);
    }
  }

  /** Between XA PREPARE and XA COMMIT the proxy dies, and the commit does not come through it. */
  @Test
  void aTransactionPreparedThroughTheProxyAndCommittedElsewhereIsMirrored() throws Exception {
    try (Migration m =
        new Migration(
            SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), "wide", ROWS)) {
      m.command("backfill");
      m.awaitDone("backfill");
      try (Connection c = DriverManager.getConnection(m.url());
          Statement s = c.createStatement()) {
        s.execute("XA START 'topology'");
        s.execute("INSERT INTO follower VALUES (900001, 900002, '2026-01-01 00:00:00', 1)");
        s.execute("XA END 'topology'");
        s.execute("XA PREPARE 'topology'");
        m.proxy().kill9();
      } catch (SQLException e) {
        assertThat(e.getMessage()).as("closing what the killed proxy held").contains("link");
      }
      m.proxy().restart();
      m.proxy().awaitReady(Duration.ofMinutes(1));
      Awaitility.await("the prepared transaction keeps its key dirty")
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(20))
          .until(() -> m.mirror().path("dirtyKeys").asLong() > 0);
      try (Connection c = SharedServers.mysql().connect("");
          Statement s = c.createStatement()) {
        s.execute("XA COMMIT 'topology'");
      }
      assertEqual(m);
    }
  }

  private static void assertEqual(Migration m) throws Exception {
    m.awaitClean();
    IndependentComparison.Outcome result = m.compare();
    assertThat(result.examples()).isEmpty();
    assertThat(result.differing()).isZero();
    assertThat(result.compared()).isGreaterThan(ROWS / 2);
  }

  private static void execute(MySqlServer server, String sql) throws SQLException {
    try (Connection c = server.connect("");
        Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  private static String ask(MySqlServer server, String sql) throws SQLException {
    try (Connection c = server.connect("");
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getString(1);
    }
  }
}

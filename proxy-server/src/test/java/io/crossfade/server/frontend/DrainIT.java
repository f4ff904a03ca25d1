package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How sessions end when the proxy is told to stop. */
@Timeout(120)
class DrainIT {
  private final MySqlServer mysql = SharedServers.mysql();

  @Test
  void aStatementThatOutlastsTheDrainGetsMySqlsErrorOfAShutdown() throws Exception {
    try (RelayFixture relay = new RelayFixture(mysql, List.of());
        Connection c = relay.connect("mysql");
        Statement s = c.createStatement()) {
      CompletableFuture<SQLException> error =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowableOfType(
                      SQLException.class, () -> s.executeQuery("SELECT SLEEP(60)")));
      awaitProcess("SELECT SLEEP(60)");
      relay.server.drain(Duration.ofMillis(200));
      assertThat(error.get().getErrorCode()).isEqualTo(1053);
      assertThat(error.get().getSQLState()).isEqualTo("08S01");
      assertThat(relay.server.connections()).isZero();
    }
  }

  private void awaitProcess(String info) {
    await(info)
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              try (Connection c = mysql.connect("");
                  Statement s = c.createStatement();
                  ResultSet r =
                      s.executeQuery(
                          "SELECT COUNT(*) FROM information_schema.processlist WHERE info = '"
                              + info
                              + "'")) {
                return r.next() && r.getInt(1) > 0;
              }
            });
  }

  @Test
  void idleSessionsEndAtOnceAndTransactionsMayFinish() throws Exception {
    String schema = mysql.createSchema("drain");
    try (RelayFixture relay = new RelayFixture(mysql, List.of());
        Connection idle = relay.connect(schema)) {
      Connection open = relay.connect(schema);
      Statement s = open.createStatement();
      s.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      open.setAutoCommit(false);
      s.execute("INSERT INTO t VALUES (1)");
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> relay.server.drain(Duration.ofSeconds(30)));
      await("the idle session ends")
          .atMost(Duration.ofSeconds(20))
          .until(() -> relay.server.connections() == 1);
      assertThat(idle.isValid(5)).isFalse();
      s.execute("INSERT INTO t VALUES (2)");
      open.commit();
      drained.get();
      open.abort(Runnable::run);
      assertThat(relay.server.connections()).isZero();
      try (Connection c = mysql.connect(schema);
          Statement check = c.createStatement();
          ResultSet r = check.executeQuery("SELECT COUNT(*) FROM t")) {
        r.next();
        assertThat(r.getInt(1)).isEqualTo(2);
      }
    }
  }
}

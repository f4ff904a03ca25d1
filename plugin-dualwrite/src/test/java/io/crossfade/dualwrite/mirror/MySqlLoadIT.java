package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a real MySQL says about its load. */
class MySqlLoadIT {
  private static final int BUSY = 6;

  @Test
  void countsTheStatementsThatRunAndKnowsThatAPrimaryIsNoReplica() throws Exception {
    MySqlServer server = SharedServers.mysql();
    String schema = server.createSchema("load");
    ExecutorService threads = Executors.newFixedThreadPool(BUSY);
    List<Connection> connections = new ArrayList<>();
    try (MySqlPool pool =
            new MySqlPool(
                new InetSocketAddress(server.host(), server.port()), "crossfade", "crossfade", 2);
        MySqlLoad load = new MySqlLoad(pool, "crossfade", "crossfade")) {
      assertThat(load.threadsRunning()).isPositive();
      for (int i = 0; i < BUSY; i++) {
        Connection connection = server.connect(schema);
        connections.add(connection);
        threads.submit(
            () -> {
              try (Statement statement = connection.createStatement()) {
                return statement.execute("SELECT SLEEP(30)");
              }
            });
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> load.threadsRunning() >= BUSY + 1);
      String address = server.host() + ":" + server.port();
      assertThat(load.secondsBehind(List.of(address))).isEmpty();
    } finally {
      for (Connection connection : connections) {
        connection.abort(threads);
      }
      threads.shutdown();
    }
  }
}

package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.session.RelaySettings;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Clients that are accepted while others end. */
class AcceptorIT {
  private static final int CLIENTS = 8;
  private static final int CONNECTIONS = 400;
  private static final long BUSY_NANOS = 1_000_000;

  /**
   * A loop that is busy is told of many sockets at once: of a client that has quit, of one that
   * connects and of the end of the first one's connection to MySQL. The first closes both its
   * sockets; the second is given the number of one of them, and must not be given its news.
   */
  @Test
  void aNewClientIsNotTakenForOneThatHasJustEnded() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("acceptor");
    try (Connection direct = mysql.connect(schema);
        Statement control = direct.createStatement()) {
      control.execute("CREATE TABLE held (id INT PRIMARY KEY)");
    }
    ScriptedPlugin plugin = new ScriptedPlugin();
    plugin.script =
        exchange -> {
          LockSupport.parkNanos(BUSY_NANOS);
          return CompletableFuture.completedFuture(Verdict.forward());
        };
    RelaySettings settings =
        new RelaySettings(
            new InetSocketAddress("127.0.0.1", 0),
            InetSocketAddress.createUnresolved(mysql.host(), mysql.port()),
            null,
            null,
            1 << 20,
            Duration.ofSeconds(30),
            100,
            Duration.ofSeconds(5),
            1);
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (RelayFixture relay =
        new RelayFixture(settings, List.of(new TableName(schema, "held")), plugin)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        running.add(clients.submit(() -> connectAgainAndAgain(relay, schema)));
      }
      for (Future<?> each : running) {
        assertThat(each).succeedsWithin(Duration.ofMinutes(2));
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private static Void connectAgainAndAgain(RelayFixture relay, String schema) throws Exception {
    for (int n = 0; n < CONNECTIONS; n++) {
      try (Connection connection = relay.connect(schema);
          Statement statement = connection.createStatement()) {
        statement.executeQuery("SELECT * FROM held").close();
      }
    }
    return null;
  }
}

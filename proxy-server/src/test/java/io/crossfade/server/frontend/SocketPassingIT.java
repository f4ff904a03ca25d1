package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The descriptors of listening sockets go from one relay to another; clients wait meanwhile. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class SocketPassingIT {
  private final MySqlServer mysql = SharedServers.mysql();
  private final AtomicInteger served = new AtomicInteger();
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  @Test
  void noClientIsLostBetweenTwoRelays() throws Exception {
    RelaySettings some = RelayFixture.settings(mysql.host(), mysql.port(), 100);
    RelaySettings settings =
        new RelaySettings(
            new InetSocketAddress("127.0.0.1", Loopback.freePort()),
            some.mysql(),
            null,
            null,
            some.inspectLimit(),
            some.pluginTimeLimit(),
            100,
            some.connectTimeout(),
            1);
    int port = ((InetSocketAddress) settings.legs().listen().get(0)).getPort();
    Path directory = Files.createTempDirectory("crossfade");
    Path socket = directory.resolve("hand-over.sock");
    CountDownLatch taken = new CountDownLatch(1);
    RelayServer older = relay(settings);
    older.start();
    Thread clients = new Thread(() -> visit(port));
    clients.start();
    try (RelayServer newer = relay(settings);
        HandOverServer giver =
            new HandOverServer(
                socket,
                older::descriptors,
                () -> {
                  older.handedOver();
                  taken.countDown();
                })) {
      awaitServed(5);
      try (HandOverClient taker = new HandOverClient(socket, Duration.ofSeconds(20))) {
        Map<String, Integer> sockets = taker.sockets();
        assertThat(sockets).hasSize(1);
        assertThat(taken.await(20, TimeUnit.SECONDS)).isTrue();
        older.drain(Duration.ofSeconds(20));
        older.close();
        assertThat(older.connections()).isZero();
        newer.start(sockets);
        giver.close();
        assertThat(taker.awaitEnd(Duration.ofSeconds(20))).isTrue();
      }
      awaitServed(5);
      over = true;
      clients.join(30_000);
    } finally {
      over = true;
    }
    assertThat(failures).isEmpty();
    assertThat(socket).doesNotExist();
    Files.delete(directory);
  }

  private static RelayServer relay(RelaySettings settings) {
    return new RelayServer(
        settings,
        List.of(),
        new WatchedNames(List.of()),
        new DruidSqlAnalyzer(),
        new SimpleMeterRegistry());
  }

  private void visit(int port) {
    while (!over && failures.isEmpty()) {
      try (RawClient client = new RawClient("127.0.0.1", port, "mysql", 0)) {
        client.query("SELECT 1");
        served.incrementAndGet();
      } catch (Exception e) {
        failures.add(e);
      }
    }
  }

  private void awaitServed(int more) {
    int goal = served.get() + more;
    await("clients are served")
        .atMost(Duration.ofSeconds(40))
        .until(() -> served.get() >= goal || !failures.isEmpty());
  }
}

package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.netty.buffer.ByteBufUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** One proxy process hands its sockets to the next while clients keep connecting. */
@Timeout(900)
@EnabledOnOs(OS.LINUX)
class HandOverIT {
  private static final int CLIENTS = 3;

  private MySqlServer mysql;
  private String schema = "";
  private Path directory;
  private Path config;
  private Path socket;
  private int port;
  private int adminPort;
  private volatile boolean over;
  private final AtomicInteger served = new AtomicInteger();
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<RealProxy> proxies = new ArrayList<>();

  @BeforeEach
  void configure() throws Exception {
    mysql = SharedServers.mysql();
    schema = mysql.createSchema("handover");
    directory = Files.createTempDirectory("crossfade");
    socket = directory.resolve("my.sock");
    config = directory.resolve("crossfade.yaml");
    port = Loopback.freePort();
    adminPort = Loopback.freePort();
    Files.writeString(
        config,
        """
        listen: ["127.0.0.1:%d", "unix:%s"]
        mysql: {address: "%s:%d"}
        admin: {listen: "127.0.0.1:%d"}
        limits: {drain: 20s}
        data-directory: data
        tables:
          social.follower: {list-key: [user_id]}
        """
            .formatted(port, socket, mysql.host(), mysql.port(), adminPort));
  }

  @AfterEach
  void stop() throws Exception {
    leave();
    for (RealProxy proxy : proxies) {
      proxy.close();
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void leave() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join(30_000);
    }
  }

  private RealProxy proxy(int number, String... options) throws Exception {
    RealProxy proxy =
        new RealProxy(
            config, adminPort, directory.resolve("proxy" + number + ".log"), ":", options);
    proxies.add(proxy);
    return proxy;
  }

  @Test
  void nobodyIsRefusedWhileTheSocketsGoFromHandToHand() throws Exception {
    RealProxy running = proxy(0, "--take-over");
    try {
      awaitReady(running);
      for (int i = 0; i < CLIENTS; i++) {
        hammer(this::overTcp);
      }
      hammer(this::overTheSocket);
      for (int next = 1; next <= 2; next++) {
        awaitServed(50);
        running = handOver(running, next);
      }
      awaitServed(100);
    } finally {
      // Who connects while the last proxy closes its socket is reset: nobody takes over from it.
      leave();
      running.close();
    }
    assertThat(failures).isEmpty();
    assertThat(running.process.exitValue()).isEqualTo(143);
    assertThat(socket).doesNotExist();
  }

  /** With a transaction that is open when the older proxy is told, and commits there. */
  private RealProxy handOver(RealProxy older, int next) throws Exception {
    try (Connection c =
            DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:" + port + "/" + schema + "?sslMode=REQUIRED",
                "app",
                "app");
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t" + next + " (id INT PRIMARY KEY)");
      c.setAutoCommit(false);
      s.execute("INSERT INTO t" + next + " VALUES (1)");
      RealProxy newer = proxy(next, "--take-over");
      await("the older proxy drains")
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> older.readiness() == 503);
      s.execute("INSERT INTO t" + next + " VALUES (2)");
      c.commit();
      assertThat(older.process.waitFor(180, TimeUnit.SECONDS)).isTrue();
      assertThat(older.process.exitValue()).as("%s", older.log()).isZero();
      c.abort(Runnable::run);
      awaitReady(newer);
      try (Connection check = mysql.connect(schema);
          Statement count = check.createStatement();
          ResultSet r = count.executeQuery("SELECT COUNT(*) FROM t" + next)) {
        r.next();
        assertThat(r.getInt(1)).isEqualTo(2);
      }
      return newer;
    }
  }

  private static void awaitReady(RealProxy proxy) {
    await("ready")
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> proxy.readiness() == 200);
  }

  private void awaitServed(int more) {
    int goal = served.get() + more;
    await("clients are served")
        .atMost(Duration.ofMinutes(3))
        .until(() -> served.get() >= goal || !failures.isEmpty());
  }

  private void hammer(Callable<Object> visit) {
    Thread thread =
        new Thread(
            () -> {
              while (!over && failures.isEmpty()) {
                try {
                  visit.call();
                  served.incrementAndGet();
                } catch (Exception e) {
                  failures.add(e);
                }
              }
            });
    threads.add(thread);
    thread.start();
  }

  private Object overTcp() throws Exception {
    try (RawClient client = new RawClient("127.0.0.1", port, schema, 0)) {
      return client.query("SELECT 1");
    }
  }

  private Object overTheSocket() throws Exception {
    try (PlainClient client = PlainClient.unix(socket)) {
      byte[] end = client.loginInClear("sha2", "sha2");
      if (end.length == 0 || end[4] != 0) {
        throw new IllegalStateException("the login failed: " + ByteBufUtil.hexDump(end));
      }
      return client.value("SELECT 1");
    }
  }
}

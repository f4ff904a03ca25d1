package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that runs out of file descriptors. */
@Timeout(600)
@EnabledOnOs(OS.LINUX)
class FileDescriptorsIT {
  private static final int DESCRIPTORS = 400;

  @TempDir Path directory;

  @Test
  void clientsWaitUntilThereAreDescriptorsAgain() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    int port = Loopback.freePort();
    int adminPort = Loopback.freePort();
    Path config = directory.resolve("crossfade.yaml");
    Files.writeString(
        config,
        """
        listen: "127.0.0.1:%d"
        mysql: {address: "%s:%d"}
        admin: {listen: "127.0.0.1:%d"}
        data-directory: data
        tables:
          social.follower: {list-key: [user_id]}
        """
            .formatted(port, mysql.host(), mysql.port(), adminPort));
    List<RawClient> connected = new ArrayList<>();
    List<PlainClient> waiting = new ArrayList<>();
    try (RealProxy proxy =
        new RealProxy(
            config, adminPort, directory.resolve("proxy.log"), "ulimit -n " + DESCRIPTORS)) {
      await("ready")
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> proxy.readiness() == 200);
      connected.add(new RawClient("127.0.0.1", port, "mysql", 0));
      while (waiting.size() < DESCRIPTORS) {
        waiting.add(PlainClient.tcp(port));
      }
      await("no descriptor is left")
          .atMost(Duration.ofMinutes(1))
          .until(() -> proxy.log().contains("clients cannot be accepted"));
      assertThat(connected.get(0).query("SELECT 1")).as("others go on").isNotEmpty();
      for (PlainClient client : waiting) {
        client.close();
      }
      connected.add(new RawClient("127.0.0.1", port, "mysql", 0));
      assertThat(connected.get(1).query("SELECT 1")).isNotEmpty();
      assertThat(proxy.metrics()).containsPattern("crossfade_relay_accept_failures_total [1-9]");
    } finally {
      for (RawClient client : connected) {
        client.close();
      }
    }
  }
}

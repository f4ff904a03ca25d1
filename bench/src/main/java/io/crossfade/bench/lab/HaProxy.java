package io.crossfade.bench.lab;

import io.crossfade.sandbox.Closer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** HAProxy in TCP mode: the practical limit of a relay in user space. */
final class HaProxy {
  private HaProxy() {}

  static RunningTarget start(
      Path program, Path directory, int mysqlPort, int connections, Closer closer)
      throws IOException, InterruptedException {
    int port = Ports.free();
    Path config = directory.resolve("haproxy.cfg");
    Files.writeString(config, config(port, mysqlPort, connections));
    SupervisedProcess process =
        closer.register(
            SupervisedProcess.start(
                "haproxy",
                directory,
                List.of(program.toString(), "-db", "-q", "-f", config.toString())));
    process.awaitPort(port, Duration.ofSeconds(20));
    return RunningTarget.plain(Kind.HAPROXY, port, process.pid());
  }

  private static String config(int port, int mysqlPort, int connections) {
    return """
        global
            nbthread %d
            maxconn %d
        defaults
            mode tcp
            timeout connect 5s
            timeout client 1h
            timeout server 1h
        listen mysql
            bind 127.0.0.1:%d
            server db 127.0.0.1:%d
        """
        .formatted(Runtime.getRuntime().availableProcessors(), connections, port, mysqlPort);
  }
}

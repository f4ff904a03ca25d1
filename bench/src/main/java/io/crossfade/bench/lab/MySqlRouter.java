package io.crossfade.bench.lab;

import io.crossfade.sandbox.Closer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** MySQL Router as a relay of one server (client_ssl_mode=PASSTHROUGH, its lightest mode). */
final class MySqlRouter {
  private MySqlRouter() {}

  static RunningTarget start(
      List<String> command, Path directory, int mysqlPort, int connections, Closer closer)
      throws IOException, InterruptedException {
    int port = Ports.free();
    Path config = directory.resolve("mysqlrouter.conf");
    Files.writeString(config, config(directory, port, mysqlPort, connections));
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("-c", config.toString(), "--core-file=0"));
    SupervisedProcess process =
        closer.register(SupervisedProcess.start("mysqlrouter", directory, all));
    process.awaitPort(port, Duration.ofSeconds(30));
    return RunningTarget.plain(Kind.ROUTER, port, process.pid());
  }

  private static String config(Path directory, int port, int mysqlPort, int connections) {
    return """
        [DEFAULT]
        runtime_folder=%1$s
        data_folder=%1$s
        logging_folder=%1$s
        max_total_connections=%4$d
        [logger]
        level=WARNING
        [routing:bench]
        bind_address=127.0.0.1
        bind_port=%2$d
        destinations=127.0.0.1:%3$d
        routing_strategy=first-available
        protocol=classic
        max_connections=%4$d
        client_ssl_mode=PASSTHROUGH
        server_ssl_mode=AS_CLIENT
        """
        .formatted(directory, port, mysqlPort, connections);
  }
}

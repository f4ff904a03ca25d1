package io.crossfade.bench.lab;

import io.crossfade.sandbox.Closer;
import io.crossfade.sandbox.proxy.AdminClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Crossfade's distribution, as an operator would start it, with a heap of 512 MiB. */
final class CrossfadeProxy {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int POLL_MILLIS = 100;

  private CrossfadeProxy() {}

  /**
   * Starts it and waits until it is ready.
   *
   * @param hbase HBase's bootstrap servers, or empty: no plugin is started and nothing watched then
   */
  static RunningTarget start(
      Kind kind, Path distribution, Path directory, int mysqlPort, String hbase, Closer closer)
      throws IOException, InterruptedException {
    int port = Ports.free();
    int adminPort = Ports.free();
    Path config = directory.resolve("crossfade.yaml");
    String table = kind == Kind.WATCHED ? Dataset.TABLE : Dataset.OTHER_TABLE;
    Files.writeString(
        config,
        server(port, adminPort, mysqlPort, directory)
            + table(table, "bench_" + kind.label())
            + (hbase.isEmpty() ? "" : plugins(table, hbase)));
    SupervisedProcess process =
        closer.register(
            SupervisedProcess.start(
                kind.label(),
                directory,
                List.of(
                    "env",
                    "CROSSFADE_OPTS=-Xmx512m",
                    distribution.resolve("bin/crossfade").toString(),
                    "run",
                    "--config",
                    config.toString())));
    AdminClient admin = new AdminClient(adminPort);
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!admin.ready()) {
      process.checkAlive();
      if (System.nanoTime() > deadline) {
        throw new IOException(kind.title() + " is not ready after " + START_LIMIT);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return new RunningTarget(
        kind,
        port,
        process.pid(),
        Optional.of(admin),
        Optional.of(new JvmProbe(process.pid(), adminPort)));
  }

  private static String server(int port, int adminPort, int mysqlPort, Path directory) {
    return """
        listen: 127.0.0.1:%d
        mysql:
          address: 127.0.0.1:%d
        admin:
          listen: 127.0.0.1:%d
        data-directory: %s
        """
        .formatted(port, mysqlPort, adminPort, directory.resolve("data"));
  }

  private static String table(String table, String hbaseTable) {
    return """
        tables:
          %s:
            hbase-table: %s
            layout: wide
            list-key: [user_id]
            orders:
              newest: [created_at desc]
            regions: 4
        """
        .formatted(table, hbaseTable);
  }

  private static String plugins(String table, String hbase) {
    return """
        plugins:
          dualwrite:
            mysql:
              user: crossfade
              password: crossfade
            hbase:
              bootstrap-servers: %s
          readswitch:
            tables:
              %s:
                percentage: 0
        """
        .formatted(hbase, table);
  }
}

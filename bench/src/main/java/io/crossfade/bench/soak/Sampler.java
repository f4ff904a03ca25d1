package io.crossfade.bench.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at the proxy's process, its metrics, its log and MySQL's process list. */
final class Sampler {
  private static final double MIB = 1 << 20;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final long pid;
  private final Procfs process;
  private final URI metrics;
  private final Path log;
  private final Connection mysql;

  /**
   * A sampler of one process.
   *
   * @param mysql straight to MySQL, as an administrator
   */
  Sampler(long pid, int adminPort, Path log, Connection mysql) {
    this.pid = pid;
    this.process = new Procfs(pid);
    this.metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
    this.log = log;
    this.mysql = mysql;
  }

  /**
   * Takes a sample; forces a full collection of the proxy's heap first.
   *
   * @param from when the traffic began, as {@link System#nanoTime} says it
   */
  Sample take(long from) throws IOException, InterruptedException, SQLException {
    collect();
    String scrape = scrape();
    return new Sample(
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from),
        sum(scrape, "jvm_memory_used_bytes", "area=\"heap\"") / MIB,
        sum(scrape, "netty_allocator_memory_used", "memory_type=\"direct\"") / MIB,
        sum(scrape, "netty_allocator_memory_pinned", "memory_type=\"direct\"") / MIB,
        process.rssMiB(),
        process.files(),
        process.threads(),
        (int) sum(scrape, "crossfade_relay_connections", ""),
        mysqlConnections(),
        leaks(),
        process.cpuSeconds());
  }

  /** One look at the metrics, as a monitoring system takes it. */
  String scrape() throws IOException, InterruptedException {
    HttpResponse<String> r =
        http.send(
            HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (r.statusCode() != 200) {
      throw new IOException("/metrics answered " + r.statusCode());
    }
    return r.body();
  }

  private void collect() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!jcmd.waitFor(30, TimeUnit.SECONDS)) {
      jcmd.destroyForcibly();
      throw new IOException("jcmd does not answer");
    }
  }

  /** The sum of a meter's series whose labels contain a text. */
  static double sum(String scrape, String meter, String label) {
    return scrape
        .lines()
        .filter(line -> line.startsWith(meter + "{") || line.startsWith(meter + " "))
        .filter(line -> line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private int mysqlConnections() throws SQLException {
    try (Statement s = mysql.createStatement();
        ResultSet r = s.executeQuery("SHOW STATUS LIKE 'Threads_connected'")) {
      return r.next() ? r.getInt(2) : 0;
    }
  }

  /** Threads of the application's accounts; may wait for one that is logging in. */
  int mysqlThreads() throws SQLException {
    try (Statement s = mysql.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT COUNT(*) FROM information_schema.processlist"
                    + " WHERE user NOT IN ('root', 'crossfade', 'event_scheduler')")) {
      return r.next() ? r.getInt(1) : 0;
    }
  }

  private int leaks() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return (int) lines.filter(l -> l.contains("LEAK:")).count();
    }
  }

  /** Client sockets the proxy still has. */
  int clientSockets(int listenPort) throws IOException {
    return process.connectionsOn(listenPort);
  }
}

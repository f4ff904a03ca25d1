package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.proxy.ProxyConfig;
import io.crossfade.sandbox.proxy.ProxyProcess;
import io.crossfade.sandbox.workload.FollowerTable;
import io.crossfade.sandbox.workload.SocialGraph;
import io.crossfade.sandbox.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One follower table, a proxy process in front of it, and clients: what every test here needs. */
final class Migration implements AutoCloseable {
  private final MySqlServer mysql;
  private final String hbase;
  private final Path directory;
  private final SocialGraph graph;
  private final Path configFile;
  private final ProxyProcess proxy;
  private ProxyConfig config;

  Migration(MySqlServer mysql, String hbase, String layout, int rows) throws Exception {
    this.mysql = mysql;
    this.hbase = hbase;
    this.graph = SocialGraph.generate(rows, 7);
    String schema = SharedServers.uniqueSchema("e2e");
    this.directory = Files.createDirectories(Path.of("target", "e2e", schema).toAbsolutePath());
    try (Connection c = mysql.connect("")) {
      FollowerTable.create(c, schema);
      FollowerTable.fill(c, schema, graph.edges());
    }
    this.config =
        new ProxyConfig(
            Loopback.freePort(),
            Loopback.freePort(),
            new Workload.Target(mysql.host(), mysql.port(), schema),
            hbase,
            schema,
            layout,
            directory.resolve("data"),
            Duration.ofSeconds(10),
            "0",
            List.of());
    this.configFile = directory.resolve("crossfade.yaml");
    config.write(configFile);
    this.proxy =
        ProxyProcess.start(
            Distribution.directory(),
            configFile,
            directory.resolve("proxy.log"),
            config.adminPort());
    proxy.awaitReady(Duration.ofMinutes(2));
  }

  ProxyProcess proxy() {
    return proxy;
  }

  ProxyConfig config() {
    return config;
  }

  Path configFile() {
    return configFile;
  }

  Workload.Target throughProxy() {
    return new Workload.Target("127.0.0.1", config.listenPort(), config.mysql().schema());
  }

  Workload startClients(int clients, int operationsPerSecond) {
    return new Workload(
        throughProxy(), graph, new Workload.Pace(clients, operationsPerSecond, 40, 11), "all");
  }

  /** Another proxy in front of the same table and the same HBase. */
  final class Second implements AutoCloseable {
    private final ProxyConfig own;
    private final ProxyProcess process;

    private Second() throws Exception {
      Path files = Files.createDirectories(directory.resolve("second"));
      own =
          new ProxyConfig(
              Loopback.freePort(),
              Loopback.freePort(),
              config.mysql(),
              config.hbase(),
              config.hbaseTable(),
              config.layout(),
              files.resolve("data"),
              config.writeLifetime(),
              "0",
              List.of());
      own.write(files.resolve("crossfade.yaml"));
      process =
          ProxyProcess.start(
              Distribution.directory(),
              files.resolve("crossfade.yaml"),
              files.resolve("proxy.log"),
              own.adminPort());
      process.awaitReady(Duration.ofMinutes(2));
    }

    void awaitClean() {
      Migration.awaitClean(process, own);
    }

    @Override
    public void close() {
      process.close();
    }
  }

  Second startSecond() throws Exception {
    return new Second();
  }

  /** Clients of another proxy. */
  Workload startClients(Second second, int clients, int operationsPerSecond) {
    return new Workload(
        new Workload.Target("127.0.0.1", second.own.listenPort(), config.mysql().schema()),
        graph,
        new Workload.Pace(clients, operationsPerSecond, 40, 12),
        "all");
  }

  /** Clients that keep their sessions. */
  Workload startSteadyClients(int clients, int operationsPerSecond) {
    return new Workload(
        throughProxy(),
        graph,
        new Workload.Pace(clients, operationsPerSecond, 1_000_000, 11),
        "all");
  }

  /** A JDBC URL of the table's schema through the proxy, with a login. */
  String url() {
    return "jdbc:mysql://127.0.0.1:"
        + config.listenPort()
        + "/"
        + config.mysql().schema()
        + "?user=app&password=app&sslMode=DISABLED&allowPublicKeyRetrieval=true";
  }

  /** Edits the share of reads in the configuration file; the proxy follows by itself. */
  void reads(String percentage) throws IOException {
    config = config.withReads(percentage, List.of());
    config.write(configFile);
  }

  /** Copies and verifies everything, then has HBase answer, and waits until it does. */
  void switchReads() throws Exception {
    command("backfill");
    awaitDone("backfill");
    command("verify");
    awaitDone("verify");
    reads("100");
    awaitHBaseAnswers();
  }

  /** Waits until HBase has answered many more of the clients' reads. */
  void awaitHBaseAnswers() throws Exception {
    long before = answeredByHBase();
    Awaitility.await("HBase answers reads")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> assertThat(answeredByHBase()).as("%s", reads()).isGreaterThan(before + 100));
  }

  /** How many reads HBase has answered since the proxy started. */
  long answeredByHBase() throws Exception {
    return reads().path("hbase").asLong();
  }

  JsonNode mirror() throws Exception {
    return proxy.admin().table(config.table(), "mirror");
  }

  JsonNode census() throws Exception {
    return proxy.admin().table(config.table(), "census");
  }

  JsonNode reads() throws Exception {
    return proxy.admin().table(config.table(), "reads");
  }

  void command(String command) throws Exception {
    proxy.admin().command(config.table(), command);
  }

  void awaitDone(String what) {
    Awaitility.await(what)
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              JsonNode m = mirror();
              assertThat(m.path(what).path("state").asText()).as("%s", m).isEqualTo("done");
            });
  }

  void awaitClean() {
    awaitClean(proxy, config);
  }

  private static void awaitClean(ProxyProcess proxy, ProxyConfig config) {
    Awaitility.await("nothing dirty")
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              JsonNode m = proxy.admin().table(config.table(), "mirror");
              assertThat(m.path("dirtyKeys").asLong(-1)).as("%s", m).isZero();
              assertThat(m.path("dirtyRanges").asLong(-1)).as("%s", m).isZero();
            });
  }

  IndependentComparison.Outcome compare() throws Exception {
    try (Connection c = mysql.connect(config.mysql().schema())) {
      return new IndependentComparison(hbase, config.hbaseTable(), config.layout()).compare(c);
    }
  }

  /** What the proxy's log warns of. */
  List<String> warnings() throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve("proxy.log"))) {
      return lines.filter(line -> line.contains(" WARN ")).toList();
    }
  }

  @Override
  public void close() {
    proxy.close();
  }
}

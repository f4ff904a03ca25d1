package io.crossfade.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.Closer;
import io.crossfade.sandbox.DataDirectory;
import io.crossfade.sandbox.EmbeddedHBase;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.HBaseOptions;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.proxy.ProxyConfig;
import io.crossfade.sandbox.proxy.ProxyProcess;
import io.crossfade.sandbox.workload.FollowerTable;
import io.crossfade.sandbox.workload.SocialGraph;
import io.crossfade.sandbox.workload.Tally;
import io.crossfade.sandbox.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of the demo: starts everything, drives the stages, measures, and cleans up. */
final class DemoRun implements AutoCloseable {
  private static final String SCHEMA = "social";
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final List<String> RAMP = List.of("0.01", "1", "10", "100");

  private final Demo options;
  private final Terminal terminal;
  private final Path data;
  private final Closer opened;

  DemoRun(Demo options, Terminal terminal) throws IOException {
    this.options = options;
    this.terminal = terminal;
    this.opened = new Closer(terminal::say);
    this.data =
        options.data == null
            ? Files.createTempDirectory("crossfade-demo")
            : Files.createDirectories(options.data);
    if (options.data == null) {
      opened.register(() -> DataDirectory.deleteTree(data));
    }
  }

  /** Everything from empty servers to the summary; returns the exit status. */
  int migrate() throws Exception {
    terminal.step("Starting MySQL and HBase");
    CompletableFuture<EmbeddedHBase> starting =
        CompletableFuture.supplyAsync(
            () -> opened.register(EmbeddedHBase.start(HBaseOptions.in(data.resolve("hbase")))));
    EmbeddedMySql mysql =
        opened.register(EmbeddedMySql.start(MySqlOptions.in(data.resolve("mysql"))));
    SocialGraph graph =
        options.edges == null
            ? SocialGraph.generate(options.rows, options.seed)
            : SocialGraph.read(options.edges);
    try (Connection c = mysql.connect("")) {
      FollowerTable.create(c, SCHEMA);
      FollowerTable.fill(c, SCHEMA, graph.edges());
    }
    EmbeddedHBase hbase = starting.get();
    terminal.done(
        String.format(
            Locale.ROOT,
            "MySQL on port %d with %,d rows in social.follower, HBase at %s",
            mysql.port(),
            graph.edges().size(),
            hbase.bootstrapServers()));

    terminal.step("The application starts, straight on MySQL");
    Workload.Target direct = new Workload.Target("127.0.0.1", mysql.port(), SCHEMA);
    Workload workload =
        opened.register(
            new Workload(
                direct,
                graph,
                new Workload.Pace(options.clients, options.rate, 40, options.seed),
                "before: straight to MySQL"));
    watch(workload, null, Duration.ofSeconds(options.holdSeconds));
    terminal.done("%,d operations".formatted(workload.tally().operations()));

    terminal.step("Stage 1, dual-write: the application repoints its URL to Crossfade");
    ProxyConfig config =
        new ProxyConfig(
            Loopback.freePort(),
            Loopback.freePort(),
            direct,
            hbase.bootstrapServers(),
            "follower",
            options.layout,
            data.resolve("crossfade"),
            Duration.ofSeconds(20),
            "0",
            List.of());
    Path file = data.resolve("crossfade.yaml");
    config.write(file);
    ProxyProcess proxy =
        opened.register(
            ProxyProcess.start(
                options.distribution, file, data.resolve("crossfade.log"), config.adminPort()));
    proxy.awaitReady(Duration.ofMinutes(2));
    terminal.say("live page: " + terminal.bold(proxy.admin().page().toString()));
    workload.repoint(new Workload.Target("127.0.0.1", config.listenPort(), SCHEMA));
    workload.latencies().phase("dual-write and backfill");
    watch(workload, proxy, Duration.ofSeconds(options.holdSeconds));
    terminal.done("every change is mirrored; " + mirror(proxy, config));

    Stages stages = new Stages(proxy.admin(), config, terminal, PATIENCE);
    terminal.step("Stage 2, backfill: first a few lists, then everything, under live writes");
    List<Long> lists = graph.edges().stream().map(e -> e.user()).distinct().limit(3).toList();
    stages.backfill(lists);
    terminal.step("Verification: every row of both sides is compared");
    JsonNode verified = stages.verify();

    terminal.step("Stage 3, read switch: by editing the configuration, no connection dropped");
    workload.latencies().phase("reads switched");
    config.withReads("0", lists).write(file);
    terminal.say("whitelist of 3 lists");
    watch(workload, proxy, Duration.ofSeconds(options.holdSeconds));
    for (String percentage : RAMP) {
      config.withReads(percentage, lists).write(file);
      stages.awaitPercentage(percentage);
      if (percentage.equals("100")) {
        workload.latencies().phase("after: 100 % from HBase");
      }
      watch(workload, proxy, Duration.ofSeconds(options.holdSeconds));
      terminal.done(percentage + " % of sessions: " + stages.reads());
    }
    String reads = stages.reads();

    terminal.step("Stage 4, cleanup: traffic stops, the mirror runs empty, the report is written");
    workload.close();
    stages.awaitClean();
    Path written = Path.of(stages.cleanup());
    // The data's folder may be deleted at the end.
    String report =
        Files.copy(written, options.report.toAbsolutePath(), StandardCopyOption.REPLACE_EXISTING)
            .toString();
    terminal.done("report: " + report);

    terminal.step("Independent comparison of every row, MySQL against HBase");
    IndependentComparison.Outcome compared;
    try (Connection c = mysql.connect(SCHEMA)) {
      compared =
          new IndependentComparison(hbase.bootstrapServers(), "follower", options.layout)
              .compare(c);
    }
    terminal.done(compared.toString());
    return new Summary(terminal).print(workload, verified, reads, compared, report);
  }

  /** Leaves everything running until the process is told to end. */
  void playground() throws InterruptedException {
    terminal.raw("Everything keeps running; Ctrl-C ends it. Data: " + data);
    new CountDownLatch(1).await();
  }

  private void watch(Workload workload, @Nullable ProxyProcess proxy, Duration time)
      throws Exception {
    long end = System.nanoTime() + time.toNanos();
    Tally tally = workload.tally();
    long before = tally.operations();
    long from = System.nanoTime();
    while (System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(250);
      double rate = (tally.operations() - before) / ((System.nanoTime() - from) / 1e9);
      String line =
          String.format(
              Locale.ROOT,
              "%s  %,.0f operations/s, %d sessions, %d errors",
              Terminal.bar(1 - (end - System.nanoTime()) / (double) time.toNanos()),
              rate,
              tally.sessions(),
              tally.errors() + tally.staleReads());
      terminal.progress(line);
      if (proxy != null && !proxy.process().isAlive()) {
        throw new IOException("the proxy ended:\n" + proxy.logTail());
      }
    }
  }

  private static String mirror(ProxyProcess proxy, ProxyConfig config) throws Exception {
    JsonNode m = proxy.admin().table(config.table(), "mirror");
    return String.format(
        Locale.ROOT,
        "%,d keys and %,d ranges dirty, lag %,d ms",
        m.path("dirtyKeys").asLong(),
        m.path("dirtyRanges").asLong(),
        m.path("lagMillis").asLong());
  }

  /** Ends everything in reverse order and deletes a temporary data folder. */
  @Override
  public void close() {
    opened.close();
  }
}

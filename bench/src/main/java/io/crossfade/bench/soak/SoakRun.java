package io.crossfade.bench.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.Closer;
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
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One soak: servers, a migrated table, traffic, samples, the verdict. */
final class SoakRun implements AutoCloseable {
  private static final String SCHEMA = "soak";
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final int THREADS = 16;

  private final Soak options;
  private final Path directory;
  private final PrintStream file;
  private final Closer opened = new Closer(System.err::println);

  SoakRun(Soak options) throws IOException {
    this.options = options;
    this.directory = Files.createTempDirectory("crossfade-soak");
    this.file = new PrintStream(options.report.toFile(), StandardCharsets.UTF_8);
    opened.register(file);
  }

  /** Returns whether the verdict is good. */
  boolean run() throws Exception {
    MySqlOptions patient =
        MySqlOptions.in(directory.resolve("mysql")).withFlags("--connect-timeout=30");
    EmbeddedMySql mysql = opened.register(EmbeddedMySql.start(patient));
    EmbeddedHBase hbase =
        opened.register(EmbeddedHBase.start(HBaseOptions.in(directory.resolve("hbase"))));
    SocialGraph graph = SocialGraph.generate(options.rows, 1);
    try (Connection c = mysql.connect("")) {
      FollowerTable.create(c, SCHEMA);
      FollowerTable.fill(c, SCHEMA, graph.edges());
      Database.create(c, SCHEMA);
    }
    ProxyConfig config = config(mysql, hbase);
    ProxyProcess proxy = proxy(config);
    say(
        "proxy %d (port %d, admin %d), MySQL %d (port %d), data in %s",
        proxy.process().pid(),
        config.listenPort(),
        config.adminPort(),
        mysql.pid(),
        mysql.port(),
        directory);
    migrate(proxy, config);

    Connection administrator = opened.register(mysql.connect(""));
    Path log = directory.resolve("crossfade.log");
    Sampler sampler = new Sampler(proxy.process().pid(), config.adminPort(), log, administrator);
    long from = System.nanoTime();
    Sample before = sampler.take(from);
    Database database = new Database(config.listenPort(), SCHEMA);
    List<Traffic.Kind> kinds = new ArrayList<>(new OrdinaryActions(database).kinds());
    kinds.addAll(new RudeActions(database).kinds());
    Outcomes outcomes = new Outcomes();
    Workload.Target target = new Workload.Target("127.0.0.1", config.listenPort(), SCHEMA);
    List<Sample> samples;
    Workload watched =
        new Workload(target, graph, new Workload.Pace(4, options.operations, 40, 5), "soak");
    try (Traffic mixed = new Traffic(kinds, outcomes, THREADS, options.rate)) {
      samples = sample(sampler, proxy, before, from);
    } finally {
      watched.close();
    }
    say("The traffic has ended.");
    awaitClean(proxy, config);
    Sample after = awaitGone(sampler, config, from);
    say("%s", SoakReport.line(after, samples.get(samples.size() - 1)));

    List<Finding> findings = new ArrayList<>(Judge.flatness(samples));
    findings.addAll(
        Judge.leftovers(
            before, after, sampler.clientSockets(config.listenPort()), sampler.mysqlThreads()));
    Tally tally = watched.tally();
    findings.add(Judge.none("unexpected answers in mixed traffic", outcomes.failures()));
    findings.add(Judge.none("errors of the watched table's clients", tally.errors()));
    findings.add(Judge.none("stale reads", tally.staleReads()));
    findings.add(compare(mysql, hbase));
    String clients =
        "%,d operations, %d sessions, %d retries, %d errors, %d stale reads %s"
            .formatted(
                tally.operations(),
                tally.sessions(),
                tally.retries(),
                tally.errors(),
                tally.staleReads(),
                tally.firstErrors());
    say("%s", SoakReport.verdict(outcomes, clients, findings));
    return findings.stream().allMatch(Finding::good);
  }

  private ProxyConfig config(EmbeddedMySql mysql, EmbeddedHBase hbase) {
    return new ProxyConfig(
        Loopback.freePort(),
        Loopback.freePort(),
        new Workload.Target("127.0.0.1", mysql.port(), SCHEMA),
        hbase.bootstrapServers(),
        SCHEMA,
        "wide",
        directory.resolve("crossfade"),
        Duration.ofSeconds(20),
        "0",
        List.of());
  }

  private ProxyProcess proxy(ProxyConfig config) throws IOException, InterruptedException {
    Path yaml = directory.resolve("crossfade.yaml");
    config.write(yaml);
    ProxyProcess proxy =
        opened.register(
            ProxyProcess.start(
                options.distribution,
                yaml,
                directory.resolve("crossfade.log"),
                config.adminPort(),
                "-Xmx"
                    + options.heap
                    + " -Xms"
                    + options.heap
                    + " -XX:+AlwaysPreTouch -Dio.netty.leakDetection.level="
                    + options.leakDetection));
    proxy.awaitReady(Duration.ofMinutes(2));
    return proxy;
  }

  /** Copies and verifies the table and has HBase answer half of the sessions. */
  private void migrate(ProxyProcess proxy, ProxyConfig config) throws Exception {
    for (String job : List.of("backfill", "verify")) {
      proxy.admin().command(config.table(), job);
      await(job, () -> mirror(proxy, config).path(job).path("state").asText().equals("done"));
    }
    config.withReads("50", List.of()).write(directory.resolve("crossfade.yaml"));
    await(
        "reads from HBase",
        () ->
            proxy
                .admin()
                .table(config.table(), "reads")
                .path("percentage")
                .asText()
                .startsWith("50"));
  }

  private static JsonNode mirror(ProxyProcess proxy, ProxyConfig config)
      throws IOException, InterruptedException {
    return proxy.admin().table(config.table(), "mirror");
  }

  private List<Sample> sample(Sampler sampler, ProxyProcess proxy, Sample before, long from)
      throws Exception {
    long end = from + (long) (options.minutes * TimeUnit.MINUTES.toNanos(1));
    say("%s", SoakReport.HEAD);
    List<Sample> samples = new ArrayList<>();
    Sample last = before;
    long due = from;
    while (due < end) {
      due = Math.max(due, System.nanoTime() - PERIOD.toNanos() / 2) + PERIOD.toNanos();
      while (System.nanoTime() < due) {
        TimeUnit.MILLISECONDS.sleep(1000);
        sampler.scrape();
      }
      if (!proxy.process().isAlive()) {
        throw new IOException("the proxy ended:\n" + proxy.logTail());
      }
      Sample s = sampler.take(from);
      say("%s", SoakReport.line(s, last));
      samples.add(s);
      last = s;
    }
    return samples;
  }

  private void awaitClean(ProxyProcess proxy, ProxyConfig config) throws Exception {
    await(
        "nothing dirty",
        () -> {
          JsonNode m = mirror(proxy, config);
          return m.path("dirtyKeys").asLong(-1) == 0 && m.path("dirtyRanges").asLong(-1) == 0;
        });
  }

  /** Half a minute for the last sockets and threads to go; then they count as left. */
  private static Sample awaitGone(Sampler sampler, ProxyConfig config, long from) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      Sample s = sampler.take(from);
      boolean gone =
          s.clients() == 0
              && sampler.mysqlThreads() == 0
              && sampler.clientSockets(config.listenPort()) == 0;
      if (gone || System.nanoTime() > deadline) {
        return s;
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private static Finding compare(EmbeddedMySql mysql, EmbeddedHBase hbase) throws Exception {
    try (Connection c = mysql.connect(SCHEMA)) {
      IndependentComparison.Outcome outcome =
          new IndependentComparison(hbase.bootstrapServers(), SCHEMA, "wide").compare(c);
      boolean equal = outcome.compared() > 0 && outcome.differing() == 0;
      return new Finding(
          "HBase equals MySQL",
          equal,
          equal ? outcome.toString() : outcome + " " + outcome.examples());
    }
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(String what, Condition condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(what + ": not after " + PATIENCE);
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private void say(String format, @Nullable Object... arguments) {
    String text = String.format(java.util.Locale.ROOT, format, arguments);
    System.out.println(text);
    file.println(text);
    file.flush();
  }

  /** Ends everything in reverse order; the data stays, for the log. */
  @Override
  public void close() {
    opened.close();
  }
}

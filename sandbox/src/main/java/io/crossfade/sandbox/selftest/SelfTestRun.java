package io.crossfade.sandbox.selftest;

import io.crossfade.sandbox.Closer;
import io.crossfade.sandbox.DataDirectory;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.proxy.ProxyProcess;
import io.crossfade.sandbox.selftest.grammar.Grammar;
import io.crossfade.sandbox.selftest.grammar.Swarm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ConnectionFactory;

/** One self-test: servers, scratch tables, a proxy, rounds of traffic and comparison. */
final class SelfTestRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final SelfTest options;
  private final long seed;
  private final Path data;
  private final SelfTestReport report;
  private final Closer opened = new Closer(System.err::println);
  private final Counts counts = new Counts();
  private final Faults faults = new Faults();
  private final Verdict verdict = new Verdict();
  private final Grammar grammar = Grammar.standard();
  private final List<ScratchSchema> schemas;
  private final String metaTable;
  private Duration longest = Duration.ZERO;
  private boolean tidy;

  SelfTestRun(SelfTest options) throws IOException {
    this.options = options;
    this.seed = options.seed == null ? new SecureRandom().nextInt(1_000_000_000) : options.seed;
    this.data =
        options.data == null
            ? Files.createTempDirectory("crossfade-selftest")
            : Files.createDirectories(options.data).toAbsolutePath();
    opened.register(this::tidyUp);
    this.report = opened.register(new SelfTestReport(options.report));
    String prefix = "crossfade_selftest_" + Long.toString(System.currentTimeMillis(), 36);
    this.schemas =
        List.of(new ScratchSchema(prefix + "_w", true), new ScratchSchema(prefix + "_t", false));
    this.metaTable = prefix + "_meta";
  }

  /** Everything; returns whether HBase equals MySQL and nothing was found. */
  boolean run() throws Exception {
    report.say("seed %d, logs and statements in %s", seed, data);
    Servers servers = opened.register(Servers.start(options.mysql, options.hbase, data));
    try (Connection c = servers.mysql().connect("")) {
      for (ScratchSchema schema : schemas) {
        schema.create(c);
      }
    }
    report.say(
        "MySQL at %s:%d, HBase at %s, schemas %s and %s",
        servers.mysql().host(),
        servers.mysql().port(),
        servers.bootstrapServers(),
        schemas.get(0).name(),
        schemas.get(1).name());
    SelfTestConfig config =
        new SelfTestConfig(
            Loopback.freePort(),
            Loopback.freePort(),
            servers,
            schemas,
            metaTable,
            data.resolve("crossfade"),
            Duration.ofSeconds(Math.min(10, options.writeLifetimeSeconds)),
            Duration.ofSeconds(options.writeLifetimeSeconds),
            options.witness);
    Path yaml = data.resolve("crossfade.yaml");
    config.write(yaml, 0);
    Path log = data.resolve("crossfade.log");
    ProxyProcess proxy =
        opened.register(ProxyProcess.start(options.distribution, yaml, log, config.adminPort()));
    proxy.awaitReady(PATIENCE);
    List<String> tables =
        schemas.stream().flatMap(s -> s.tables().stream().map(s::qualified)).toList();
    Migrations migrations = new Migrations(proxy.admin(), tables, PATIENCE);
    migrations.job("backfill");
    migrations.job("verify");
    config.write(yaml, 100);
    migrations.awaitReads();
    report.say("the proxy is up, HBase answers reads of %d tables", tables.size());

    Login login =
        new Login(config.listenPort(), servers.sessions().user(), servers.sessions().password());
    Chaos chaos = new Chaos(proxy, servers, new SplittableRandom(seed), options.onlyKills);
    long traffic = (long) (options.minutes * TimeUnit.MINUTES.toNanos(1));
    for (int round = 0; traffic > 0 && SelfTestReport.good(counts, verdict, round); round++) {
      long length = Math.min(traffic, (long) (options.roundSeconds * 1e9));
      round(round, length, login, chaos, migrations, servers);
      traffic -= length;
    }
    report.summary(
        seed,
        counts,
        faults,
        verdict,
        longest,
        migrations.answeredByHBase(),
        migrations.captured());
    boolean good = SelfTestReport.good(counts, verdict);
    if (good && !options.keep) {
      opened.closeEarly(proxy);
      drop(servers);
      tidy = options.data == null;
    }
    return good;
  }

  private void round(
      int round, long nanos, Login login, Chaos chaos, Migrations migrations, Servers servers)
      throws Exception {
    long roundSeed = seed * 1_009 + round;
    Swarm swarm =
        round == 0 ? Swarm.everything() : Swarm.random(grammar, new SplittableRandom(roundSeed));
    long end = System.nanoTime() + nanos;
    Traffic traffic =
        new Traffic(
            grammar,
            swarm,
            login,
            schemas,
            options.sessions,
            roundSeed,
            counts,
            data.resolve("round-" + round));
    try (traffic) {
      while (true) {
        long left = end - System.nanoTime();
        long quiet = options.chaos ? chaos.quiet().toNanos() : left;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, Math.min(left, quiet)));
        if (quiet >= left) {
          break;
        }
        long from = System.nanoTime();
        Fault fault = chaos.inject();
        faults.injected(fault, Duration.ofNanos(System.nanoTime() - from));
      }
    }
    traffic.leftovers().clean();
    Duration time;
    try {
      time = migrations.awaitClean();
    } catch (IOException e) {
      counts.finding("round " + round + " did not converge: " + e.getMessage());
      return;
    }
    longest = time.compareTo(longest) > 0 ? time : longest;
    faults.converged(time);
    long before = verdict.compared();
    compare(round, servers);
    report.say(
        "round %d: clean after %.1f s, %,d rows compared, %,d differing, %,d findings, %,d reads by"
            + " HBase since the proxy started",
        round,
        time.toMillis() / 1e3,
        verdict.compared() - before,
        verdict.differing(),
        counts.found(),
        migrations.answeredByHBase());
  }

  private void compare(int round, Servers servers) throws IOException, SQLException {
    try (org.apache.hadoop.hbase.client.Connection hbase = hbase(servers)) {
      for (ScratchSchema schema : schemas) {
        try (Connection mysql = servers.mysql().connect(schema.name())) {
          for (ScratchTable table : schema.tables()) {
            verdict.add(
                "round " + round + ", " + schema.name() + ".",
                new IndependentComparison(
                        servers.bootstrapServers(),
                        table.compared(schema.hbaseTable(table), schema.wide()))
                    .compare(mysql, hbase));
          }
        }
      }
    }
  }

  private static org.apache.hadoop.hbase.client.Connection hbase(Servers servers)
      throws IOException {
    Configuration c = HBaseConfiguration.create();
    c.set("hbase.client.registry.impl", "org.apache.hadoop.hbase.client.RpcConnectionRegistry");
    c.set("hbase.client.bootstrap.servers", servers.bootstrapServers());
    return ConnectionFactory.createConnection(c);
  }

  /** Leaves the servers as they were. */
  private void drop(Servers servers) throws IOException, SQLException {
    List<String> tables = new ArrayList<>(List.of(metaTable));
    schemas.forEach(s -> s.tables().forEach(t -> tables.add(s.hbaseTable(t))));
    try (org.apache.hadoop.hbase.client.Connection hbase = hbase(servers);
        Admin admin = hbase.getAdmin()) {
      for (String table : tables) {
        TableName name = TableName.valueOf(table);
        if (admin.tableExists(name)) {
          admin.disableTable(name);
          admin.deleteTable(name);
        }
      }
    }
    try (Connection mysql = servers.mysql().connect("")) {
      for (ScratchSchema schema : schemas) {
        schema.drop(mysql);
      }
    }
    report.say("the scratch schemas and tables are gone");
  }

  private void tidyUp() {
    if (tidy) {
      DataDirectory.deleteTree(data);
    }
  }

  /** Ends everything in reverse order; a temporary folder goes when all was well. */
  @Override
  public void close() {
    opened.close();
  }
}

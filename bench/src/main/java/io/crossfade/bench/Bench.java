package io.crossfade.bench;

import io.crossfade.sandbox.EmbeddedHBase;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.HBaseOptions;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.sandbox.proxy.ProxyConfig;
import io.crossfade.sandbox.proxy.ProxyProcess;
import io.crossfade.sandbox.workload.Edge;
import io.crossfade.sandbox.workload.FollowerTable;
import io.crossfade.sandbox.workload.SocialGraph;
import io.crossfade.sandbox.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Direct MySQL against Crossfade with the table not watched and watched. {@code ./crossfade bench}.
 */
@Command(
    name = "crossfade bench",
    mixinStandardHelpOptions = true,
    description = "Interleaved rounds on one MySQL: direct, and through the proxy.")
public final class Bench implements Callable<Integer> {
  @Option(names = "--distribution", required = true, hidden = true)
  Path distribution = Path.of("");

  @Option(names = "--rounds", defaultValue = "3", description = "rounds (${DEFAULT-VALUE})")
  int rounds;

  @Option(names = "--seconds", defaultValue = "4", description = "a round (${DEFAULT-VALUE})")
  int seconds;

  @Option(
      names = "--connections",
      split = ",",
      defaultValue = "1,16,64",
      description = "numbers of connections (${DEFAULT-VALUE})")
  List<Integer> connections = List.of();

  @Option(names = "--rows", defaultValue = "100000", description = "rows (${DEFAULT-VALUE})")
  int rows;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("crossfade-bench");
    SocialGraph graph = SocialGraph.generate(rows, 1);
    long[] users = graph.edges().stream().mapToLong(Edge::user).distinct().toArray();
    try (EmbeddedHBase hbase = EmbeddedHBase.start(HBaseOptions.in(directory.resolve("hbase")));
        EmbeddedMySql mysql =
            EmbeddedMySql.start(
                MySqlOptions.in(directory.resolve("mysql")).withBufferPoolMiB(512))) {
      try (Connection c = mysql.connect("")) {
        FollowerTable.create(c, "bench");
        FollowerTable.fill(c, "bench", graph.edges());
      }
      ProxyConfig watched = config(mysql, hbase, directory.resolve("watched"), "bench");
      int relayPort = Loopback.freePort();
      int relayAdmin = Loopback.freePort();
      Path relayFile = directory.resolve("unwatched.yaml");
      Files.writeString(
          relayFile,
          """
          listen: 127.0.0.1:%d
          mysql:
            address: 127.0.0.1:%d
          admin:
            listen: 127.0.0.1:%d
          data-directory: %s
          """
              .formatted(relayPort, mysql.port(), relayAdmin, directory.resolve("unwatched")));
      try (ProxyProcess a = start(watched, directory.resolve("watched.yaml"));
          ProxyProcess b =
              ProxyProcess.start(
                  distribution, relayFile, directory.resolve("unwatched.log"), relayAdmin)) {
        a.awaitReady(Duration.ofMinutes(1));
        b.awaitReady(Duration.ofMinutes(1));
        compare(
            List.of(
                new Target("direct", mysql.port(), 0),
                new Target("crossfade, table not watched", relayPort, b.process().pid()),
                new Target("crossfade, table watched", watched.listenPort(), a.process().pid())),
            users);
      }
    }
    return 0;
  }

  private static ProxyConfig config(
      EmbeddedMySql mysql, EmbeddedHBase hbase, Path data, String schema) throws IOException {
    return new ProxyConfig(
        Loopback.freePort(),
        Loopback.freePort(),
        new Workload.Target("127.0.0.1", mysql.port(), schema),
        hbase.bootstrapServers(),
        schema,
        "wide",
        data,
        Duration.ofSeconds(20),
        "0",
        List.of());
  }

  private ProxyProcess start(ProxyConfig config, Path file) throws IOException {
    config.write(file);
    return ProxyProcess.start(
        distribution, file, file.resolveSibling(file.getFileName() + ".log"), config.adminPort());
  }

  private void compare(List<Target> targets, long[] users) throws Exception {
    for (Target t : targets) {
      for (Operation o : Operation.values()) {
        Load.run(t, o, 16, Math.max(2, seconds), 0, users);
      }
    }
    System.out.printf(
        "%-15s %5s  %-30s %9s %7s %8s %8s %8s %7s %12s%n",
        "operation",
        "conns",
        "target",
        "per s",
        "x",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "p95 x",
        "CPU s/1000");
    for (Operation operation : Operation.values()) {
      for (int n : connections) {
        Map<Target, List<Load.Figures>> figures = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
          for (Target t : targets) {
            figures
                .computeIfAbsent(t, x -> new ArrayList<>())
                .add(Load.run(t, operation, n, seconds, round + 1L, users));
          }
        }
        print(operation, n, targets, figures);
      }
    }
  }

  private static void print(
      Operation operation, int n, List<Target> targets, Map<Target, List<Load.Figures>> figures) {
    List<Load.Figures> base = figures.getOrDefault(targets.get(0), List.of());
    figures.forEach(
        (target, rounds) ->
            System.out.printf(
                Locale.ROOT,
                "%-15s %5d  %-30s %9.0f %7.3f %8.2f %8.2f %8.2f %7.2f %12.4f%n",
                operation.name().toLowerCase(Locale.ROOT),
                n,
                target.name(),
                median(rounds.stream().map(Load.Figures::perSecond).toList()),
                median(ratios(rounds, base, false)),
                median(rounds.stream().map(Load.Figures::p50).toList()),
                median(rounds.stream().map(Load.Figures::p95).toList()),
                median(rounds.stream().map(Load.Figures::p99).toList()),
                median(ratios(rounds, base, true)),
                median(rounds.stream().map(Load.Figures::cpuPer1000).toList())));
  }

  private static List<Double> ratios(
      List<Load.Figures> rounds, List<Load.Figures> base, boolean latency) {
    List<Double> out = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      out.add(
          latency
              ? rounds.get(i).p95() / base.get(i).p95()
              : rounds.get(i).perSecond() / base.get(i).perSecond());
    }
    return out;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}

package io.crossfade.bench;

import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.lab.Lab;
import io.crossfade.bench.lab.LabOptions;
import io.crossfade.bench.lab.ProcFs;
import io.crossfade.bench.load.DataShape;
import io.crossfade.bench.load.Mode;
import io.crossfade.bench.load.Workload;
import io.crossfade.bench.mirror.MirrorBench;
import io.crossfade.bench.report.Combination;
import io.crossfade.bench.report.Idle;
import io.crossfade.bench.report.Report;
import io.crossfade.bench.report.Tables;
import io.crossfade.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@code ./crossfade bench}. */
@Command(
    name = "crossfade bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = MirrorBench.class,
    description = {
      "Compares, in interleaved rounds on one MySQL of its own, MySQL reached directly with other"
          + " proxies and with Crossfade, and says which budgets are met.",
      "Without options it takes about 25 minutes; with --quick, about 3.",
      "\"bench mirror\" measures the mirror instead: see \"bench mirror --help\"."
    })
public final class Bench implements Callable<Integer>, Supplier<Path> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--distribution", required = true, hidden = true)
  private Path distribution = Path.of("");

  @Option(names = "--cache", hidden = true)
  private Path cache = Path.of(System.getProperty("java.io.tmpdir"), "crossfade-bench-peers");

  @Option(
      names = "--targets",
      split = ",",
      description = {
        "direct, haproxy, mysqlrouter, relay (Crossfade, nothing watched), beside (Crossfade, another"
            + " table watched), watched (Crossfade, this table watched and mirrored to HBase),"
            + " shardingsphere. Default: all."
      })
  private List<String> targets = List.of();

  @Option(
      names = "--workloads",
      split = ",",
      description = "point, list100, list5000, dml, mixed. Default: all.")
  private List<String> workloads = List.of();

  @Option(names = "--modes", split = ",", description = "text, prepared. Default: both.")
  private List<String> modes = List.of();

  @Option(
      names = "--connections",
      split = ",",
      description = "Numbers of connections. Default: 1,16,64,256.")
  private List<Integer> connections = List.of();

  @Option(names = "--rounds", description = "Rounds; figures are their medians. Default: 3.")
  private @Nullable Integer rounds;

  @Option(names = "--seconds", description = "Length of a round, each target. Default: 1.")
  private @Nullable Integer seconds;

  @Option(
      names = "--warm-up",
      description = "Seconds for each JVM proxy in each mode. Default: 15.")
  private @Nullable Integer warmUp;

  @Option(
      names = "--idle",
      description = "Idle connections to each proxy at the end; 0 = none. Default: 5000.")
  private @Nullable Integer idle;

  @Option(names = "--rows", description = "Rows in the table, about. Default: 400000.")
  private @Nullable Integer rows;

  @Option(
      names = "--quick",
      description =
          "Defaults that take 3 minutes: no shardingsphere; prepared; 16 connections; 2 rounds; no"
              + " idle connections.")
  private boolean quick;

  @Option(names = "--no-shardingsphere", description = "Leaves ShardingSphere-Proxy out.")
  private boolean noShardingSphere;

  @Option(
      names = "--mysqlrouter",
      paramLabel = "COMMAND",
      description =
          "How MySQL Router 9 is started, with options if need be. Default: mysqlrouter from the"
              + " PATH.")
  private String mysqlRouter = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where the report goes as Markdown. Default: bench-report.md.")
  private Path output = Path.of("bench-report.md");

  /** Runs the command and ends the process. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Bench())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  if (failure instanceof IOException || failure instanceof SandboxException) {
                    System.err.println("crossfade bench: " + failure.getMessage());
                    return 1;
                  }
                  throw failure;
                })
            .execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Selection selection = checked();
    LabOptions options =
        new LabOptions(
            selection.kinds(),
            distribution.toAbsolutePath(),
            cache.toAbsolutePath(),
            mysqlRouter.isBlank() ? List.of() : List.of(mysqlRouter.trim().split("\\s+")),
            selection.mostConnections(),
            selection.shape());
    System.out.println("Starting MySQL and what stands in front of it ...");
    try (Lab lab = new Lab(options)) {
      BenchRun run = new BenchRun(lab, selection);
      System.out.printf(
          Locale.ROOT,
          "%d targets, %d measurements of %d s; warming up first.%n",
          lab.targets().size(),
          selection.measurements() / selection.kinds().size() * lab.targets().size(),
          selection.seconds());
      run.warmUp();
      List<Combination> combinations = new ArrayList<>();
      run.compare(
          combination -> {
            System.out.println();
            System.out.println(combination.title() + " connections");
            System.out.print(Tables.combination(combination));
            System.out.flush();
            combinations.add(combination);
          });
      List<Idle> idling = run.idle();
      List<String> circumstances = new ArrayList<>(circumstances(selection));
      circumstances.addAll(lab.skipped());
      circumstances.addAll(run.notes());
      Report report = new Report(circumstances, combinations, idling, selection.idle());
      System.out.println();
      System.out.print(report.summary());
      Files.writeString(output, report.summary() + report.details());
      System.out.println();
      System.out.println("Written to " + output.toAbsolutePath().normalize());
    }
    return 0;
  }

  /** Crossfade's distribution, unpacked: what subcommands need of this. */
  @Override
  public Path get() {
    return distribution.toAbsolutePath();
  }

  private static List<String> circumstances(Selection s) throws IOException {
    return List.of(
        "%s; %d cores of %s; Java %s"
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                ProcFs.processor(),
                Runtime.version()),
        "%d rounds of %d s, interleaved; about %d rows; MySQL with sync_binlog=1 and"
                .formatted(s.rounds(), s.seconds(), s.shape().rows())
            + " innodb_flush_log_at_trx_commit=1; load from one thread of a process of its own");
  }

  /** The selection, or an error of the command line. */
  private Selection checked() {
    try {
      if (!Files.isExecutable(distribution.resolve("bin/crossfade"))) {
        throw new IllegalArgumentException(
            "--distribution: there is no bin/crossfade in " + distribution);
      }
      return selection();
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Selection selection() {
    return new Selection(
        kinds(),
        workloads.isEmpty()
            ? List.of(Workload.values())
            : workloads.stream().map(Workload::of).toList(),
        modes.isEmpty() ? defaultModes() : modes.stream().map(Mode::of).toList(),
        connections.isEmpty() ? (quick ? List.of(16) : List.of(1, 16, 64, 256)) : connections,
        or(rounds, quick ? 2 : 3),
        or(seconds, quick ? 2 : 1),
        or(warmUp, 15),
        or(idle, quick ? 0 : 5000),
        new DataShape(or(rows, 400_000)));
  }

  private List<Mode> defaultModes() {
    return quick ? List.of(Mode.PREPARED) : List.of(Mode.values());
  }

  private List<Kind> kinds() {
    List<Kind> all =
        targets.isEmpty()
            ? Arrays.stream(Kind.values())
                .filter(kind -> !quick || kind != Kind.SHARDINGSPHERE)
                .toList()
            : targets.stream().map(Kind::of).toList();
    return all.stream().filter(kind -> !noShardingSphere || kind != Kind.SHARDINGSPHERE).toList();
  }

  private static int or(@Nullable Integer given, int otherwise) {
    return given == null ? otherwise : given;
  }
}

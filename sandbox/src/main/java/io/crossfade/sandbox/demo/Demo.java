package io.crossfade.sandbox.demo;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the demo. Exit status 0 only when nothing went wrong and nothing differs. */
@Command(
    name = "crossfade demo",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description =
        "Takes a live follower table from MySQL to HBase through all four stages, with everything"
            + " embedded.")
public final class Demo implements Callable<Integer> {
  @Option(
      names = "--edges",
      paramLabel = "FILE",
      description = "two-column file of mutual follows; default: a seeded generator")
  @Nullable Path edges;

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "rows to generate without --edges (default: ${DEFAULT-VALUE})")
  int rows;

  @Option(names = "--seed", defaultValue = "1", description = "seed (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--layout",
      defaultValue = "wide",
      description = "HBase layout: wide or tall (default: ${DEFAULT-VALUE})")
  String layout = "wide";

  @Option(
      names = "--clients",
      defaultValue = "16",
      description = "application clients (default: ${DEFAULT-VALUE})")
  int clients;

  @Option(
      names = "--rate",
      defaultValue = "400",
      description =
          "operations per second of all clients; 0 = no limit (default: ${DEFAULT-VALUE})")
  int rate;

  @Option(
      names = "--hold",
      defaultValue = "6",
      description = "seconds to stay at each share of reads (default: ${DEFAULT-VALUE})")
  int holdSeconds;

  @Option(names = "--keep", description = "leave everything running at the end, until Ctrl-C")
  boolean keep;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where to keep the data; default: a temporary folder, deleted at the end")
  @Nullable Path data;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = "crossfade-demo-report.md",
      description = "where the migration's report is copied to (default: ${DEFAULT-VALUE})")
  Path report = Path.of("");

  @Option(
      names = "--distribution",
      paramLabel = "DIR",
      required = true,
      hidden = true,
      description = "the built distribution")
  Path distribution = Path.of("");

  @Option(names = "--plain", description = "no colours and no line that changes in place")
  boolean plain;

  public static void main(String[] args) {
    System.setProperty("logback.configurationFile", "demo-logback.xml");
    System.exit(new CommandLine(new Demo()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (!layout.equals("wide") && !layout.equals("tall")) {
      throw new CommandLine.ParameterException(
          new CommandLine(this), "--layout is wide or tall, not '" + layout + "'");
    }
    Terminal terminal = new Terminal(System.out, !plain && System.console() != null);
    try (DemoRun run = new DemoRun(this, terminal)) {
      Thread hook = new Thread(run::close, "demo-cleanup");
      Runtime.getRuntime().addShutdownHook(hook);
      int status = run.migrate();
      if (keep) {
        run.playground();
      }
      return status;
    }
  }
}

package io.crossfade.sandbox.selftest;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./crossfade selftest}. Exit status 0 only when nothing differs and nothing was found. */
@Command(
    name = "crossfade selftest",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description =
        "Generated SQL through a proxy on scratch tables in both layouts; then every row and column"
            + " is compared, MySQL against HBase.")
public final class SelfTest implements Callable<Integer> {
  @Option(
      names = "--minutes",
      defaultValue = "5",
      description = "how long traffic is generated (default: ${DEFAULT-VALUE})")
  double minutes;

  @Option(
      names = "--chaos",
      description =
          "kill and pause the proxy at random moments, and MySQL and HBase too where they were"
              + " started here")
  boolean chaos;

  @Option(
      names = "--witness",
      description =
          "the proxy's binlog witness is on: it finds what capture misses, and narrows ranges to"
              + " keys")
  boolean witness;

  @Option(
      names = "--seed",
      description = "replays the sequences of statements of a run; default: a new one, printed")
  @Nullable Long seed;

  @Option(
      names = "--mysql",
      paramLabel = "URL",
      description =
          "your own MySQL, mysql://user:password@host:port; two scratch schemas are created and"
              + " dropped there (default: one is started)")
  @Nullable String mysql;

  @Option(
      names = "--hbase",
      paramLabel = "HOST:PORT,…",
      description =
          "your own HBase, masters or region servers; scratch tables are created and dropped there"
              + " (default: one is started)")
  @Nullable String hbase;

  @Option(
      names = "--sessions",
      defaultValue = "8",
      description = "concurrent sessions of generated SQL (default: ${DEFAULT-VALUE})")
  int sessions;

  @Option(
      names = "--round",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description =
          "traffic stops and everything is compared after so long; each round uses other kinds of"
              + " statements (default: ${DEFAULT-VALUE})")
  double roundSeconds;

  @Option(
      names = "--write-lifetime",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description =
          "the proxy's setting; a range of keys is clean after two looks that far apart (default:"
              + " ${DEFAULT-VALUE})")
  int writeLifetimeSeconds;

  @Option(names = "--only-kills", hidden = true, description = "chaos is kill -9 of the proxy")
  boolean onlyKills;

  @Option(
      names = "--keep",
      description = "leave schemas, tables and data; they also stay when something differs")
  boolean keep;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "logs and statements of every session; default: a temporary folder")
  @Nullable Path data;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = "crossfade-selftest.txt",
      description = "where the report is written as well (default: ${DEFAULT-VALUE})")
  Path report = Path.of("");

  @Option(names = "--distribution", paramLabel = "DIR", required = true, hidden = true)
  Path distribution = Path.of("");

  public static void main(String[] args) {
    System.setProperty("logback.configurationFile", "demo-logback.xml");
    System.exit(new CommandLine(new SelfTest()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (sessions < 1 || sessions > 200 || minutes <= 0 || roundSeconds < 1) {
      throw new CommandLine.ParameterException(
          new CommandLine(this),
          "--sessions is 1 to 200, --minutes more than 0, --round 1 or more");
    }
    try (SelfTestRun run = new SelfTestRun(this)) {
      Runtime.getRuntime().addShutdownHook(new Thread(run::close, "selftest-stop"));
      return run.run() ? 0 : 1;
    }
  }
}

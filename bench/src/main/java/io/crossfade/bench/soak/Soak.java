package io.crossfade.bench.soak;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./crossfade soak}. */
@Command(
    name = "crossfade soak",
    mixinStandardHelpOptions = true,
    description =
        "Mixed and hostile traffic through a proxy with a small heap; says what grew or leaked.")
public final class Soak implements Callable<Integer> {
  @Option(names = "--distribution", required = true, hidden = true)
  Path distribution = Path.of("");

  @Option(names = "--minutes", defaultValue = "60", description = "how long (${DEFAULT-VALUE})")
  double minutes;

  @Option(
      names = "--rate",
      defaultValue = "12",
      description = "mixed actions a second, each with a connection of its own (${DEFAULT-VALUE})")
  double rate;

  @Option(
      names = "--operations",
      defaultValue = "80",
      description = "operations a second on the watched table (${DEFAULT-VALUE})")
  int operations;

  @Option(names = "--rows", defaultValue = "20000", description = "rows (${DEFAULT-VALUE})")
  int rows;

  @Option(names = "--heap", defaultValue = "256m", description = "-Xmx (${DEFAULT-VALUE})")
  String heap = "";

  @Option(
      names = "--leak-detection",
      defaultValue = "paranoid",
      description = "Netty's level: simple, advanced or paranoid (${DEFAULT-VALUE})")
  String leakDetection = "";

  @Option(
      names = "--report",
      defaultValue = "crossfade-soak.txt",
      description = "the report file (${DEFAULT-VALUE})")
  Path report = Path.of("");

  public static void main(String[] args) {
    System.exit(new CommandLine(new Soak()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    try (SoakRun run = new SoakRun(this)) {
      Runtime.getRuntime().addShutdownHook(new Thread(run::close, "soak-stop"));
      return run.run() ? 0 : 1;
    }
  }
}

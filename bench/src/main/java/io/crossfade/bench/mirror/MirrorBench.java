package io.crossfade.bench.mirror;

import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.lab.Lab;
import io.crossfade.bench.lab.LabOptions;
import io.crossfade.bench.lab.ProcFs;
import io.crossfade.bench.load.DataShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command line of {@code ./crossfade bench mirror}. */
@Command(
    name = "mirror",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the mirror: throughput and lag at a rising rate of writes, how fast it catches up after"
          + " HBase was down, memory and disk of dirty keys, and what it costs the application.",
      "Without options it takes about 25 minutes."
    })
public final class MirrorBench implements Callable<Integer> {
  private static final int CONNECTIONS = 64;

  @ParentCommand private @Nullable Supplier<Path> distribution;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--rates",
      split = ",",
      defaultValue = "250,500,1000,2000,4000",
      description = "Writes a second, one after the other. Default: ${DEFAULT-VALUE}.")
  private List<Integer> rates = List.of();

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "Length of each rate. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--outage",
      paramLabel = "MINUTES",
      defaultValue = "10",
      description = "How long HBase is down; 0 = never. Default: ${DEFAULT-VALUE}.")
  private double outage;

  @Option(
      names = "--outage-rate",
      defaultValue = "500",
      description = "Writes a second meanwhile. Default: ${DEFAULT-VALUE}.")
  private int outageRate;

  @Option(
      names = "--dirty-keys",
      defaultValue = "500000",
      description = "Keys whose memory and disk are measured; 0 = none. Default: ${DEFAULT-VALUE}.")
  private int dirtyKeys;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds of a second for each class of statements. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--rows",
      defaultValue = "400000",
      description = "Rows in the table, about. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "mirror-report.md",
      description = "Where the report goes as Markdown. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws Exception {
    DataShape shape = checked();
    LabOptions options =
        new LabOptions(
            List.of(Kind.DIRECT, Kind.WATCHED),
            parent().get(),
            Path.of(System.getProperty("java.io.tmpdir")),
            List.of(),
            CONNECTIONS,
            shape);
    System.out.println("Starting MySQL, HBase and the proxy ...");
    StringBuilder report = new StringBuilder();
    try (Lab lab = new Lab(options)) {
      MirrorRun run = new MirrorRun(lab, shape);
      tell(
          report,
          "- %s; %d cores of %s; Java %s; about %d rows, wide layout\n"
              .formatted(
                  LocalDate.now(ZoneOffset.UTC),
                  Runtime.getRuntime().availableProcessors(),
                  ProcFs.processor(),
                  Runtime.version(),
                  rows));
      run.warmUp();
      List<Rate> done = new ArrayList<>();
      for (int rate : rates) {
        done.add(run.rate(rate, seconds));
      }
      tell(report, MirrorReport.rates(done));
      if (outage > 0) {
        double length = outage * TimeUnit.MINUTES.toSeconds(1);
        tell(report, MirrorReport.catchUp(run.outage(length, outageRate)));
      }
      if (dirtyKeys > 0) {
        tell(report, MirrorReport.footprint(run.footprint(dirtyKeys)));
      }
      tell(report, MirrorReport.overheads(run.overheads(rounds, 1)));
    }
    Files.writeString(output, report);
    System.out.println();
    System.out.println("Written to " + output.toAbsolutePath().normalize());
    return 0;
  }

  private static void tell(StringBuilder report, String text) {
    System.out.print(text);
    System.out.flush();
    report.append(text);
  }

  private Supplier<Path> parent() {
    if (distribution == null) {
      throw new IllegalStateException("\"bench mirror\" is run by \"bench\"");
    }
    return distribution;
  }

  private DataShape checked() {
    try {
      rates.forEach(rate -> within("--rates", rate, 1, 1_000_000));
      within("--seconds", seconds, 1, 3_600);
      within("--outage-rate", outageRate, 1, 1_000_000);
      within("--dirty-keys", dirtyKeys, 0, 100_000_000);
      within("--rounds", rounds, 1, 1_000);
      if (!Files.isExecutable(parent().get().resolve("bin/crossfade"))) {
        throw new IllegalArgumentException(
            "--distribution: there is no bin/crossfade in " + parent().get());
      }
      return new DataShape(rows);
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + " must be from " + least + " to " + most + ": " + value);
    }
  }
}

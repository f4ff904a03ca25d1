package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark runs and its figures are possible; what they are is not a test's business. */
class BenchIT {
  @TempDir Path directory;

  @Test
  void comparesDirectWithTheRelayAndWritesATable() throws Exception {
    Path report = directory.resolve("report.md");
    String text =
        bench(
            report,
            "--targets=direct,relay",
            "--workloads=point,dml",
            "--modes=prepared",
            "--connections=4",
            "--rounds=1",
            "--seconds=1",
            "--warm-up=0",
            "--idle=20",
            "--rows=10000",
            "--output=" + report);
    assertThat(text).contains("### point, prepared, 4 connections", "### Budgets");
    assertThat(queriesPerSecond(text, "direct")).hasSize(2).allMatch(figure -> figure > 0);
    assertThat(queriesPerSecond(text, "Crossfade: relay"))
        .hasSize(2)
        .allMatch(figure -> figure > 0);
    assertThat(text).as("idle connections").containsPattern("Crossfade: relay +\\| +20 \\|");
    assertThat(text).as("notes of errors").doesNotContain("errors, the first");
  }

  @Test
  void measuresTheMirrorAndWritesItsTables() throws Exception {
    Path report = directory.resolve("mirror.md");
    String text =
        bench(
            report,
            "mirror",
            "--rates=50",
            "--seconds=2",
            "--outage=0.05",
            "--outage-rate=50",
            "--dirty-keys=2000",
            "--rounds=1",
            "--rows=10000",
            "--output=" + report);
    assertThat(text)
        .containsPattern("\\| +50 \\| +[1-9][0-9]* \\| +[1-9][0-9]* \\|")
        .contains("### Mirror: catching up after HBase was down")
        .containsPattern("\\| +2000 \\| +-?[0-9]+ \\| +[0-9]+ \\|")
        .contains("| exact: ", "| range: ");
  }

  private String bench(Path report, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.crossfade.bench.Bench",
                "--distribution",
                Distribution.directory().toString()));
    command.addAll(List.of(arguments));
    Path log = directory.resolve("bench.log");
    Process bench =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(bench.waitFor(10, TimeUnit.MINUTES)).as("it ends").isTrue();
      assertThat(bench.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      bench.destroy();
    }
    return Files.readString(report);
  }

  /** The first figure of the lines of a target in the detailed tables. */
  private static List<Double> queriesPerSecond(String report, String target) {
    return report
        .substring(report.indexOf("### point, prepared, 4 connections"))
        .lines()
        .filter(line -> line.startsWith("| " + target + " "))
        .map(line -> Double.parseDouble(line.split("\\|")[2].trim()))
        .toList();
  }
}

package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo is the main job: small, it runs in every build. */
class DemoIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"wide", "tall"})
  void endsWithoutAnErrorAndWithoutADifference(String layout) throws Exception {
    Path log = directory.resolve("demo.log");
    Path report = directory.resolve("report.md");
    Process p =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.crossfade.sandbox.demo.Demo",
                    "--distribution",
                    Distribution.directory().toString(),
                    "--rows",
                    "5000",
                    "--hold",
                    "2",
                    "--layout",
                    layout,
                    "--report",
                    report.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      // Against hanging only: on two loaded cores the demo itself has taken more than five minutes.
      assertThat(p.waitFor(20, TimeUnit.MINUTES)).as("it ends: %s", Files.readString(log)).isTrue();
      assertThat(p.exitValue()).as(Files.readString(log)).isZero();
      assertThat(Files.readString(log))
          .contains("0 application errors, 0 differing rows")
          .contains("reads from HBase")
          .contains(report.toString());
      assertThat(Files.readString(report)).contains("follower");
    } finally {
      p.destroy();
    }
  }
}

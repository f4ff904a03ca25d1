package io.crossfade.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTest {
  @TempDir Path distribution;

  private final StringWriter errors = new StringWriter();
  private final StringWriter output = new StringWriter();

  @BeforeEach
  void unpack() throws IOException {
    Path program = distribution.resolve("bin/crossfade");
    Files.createDirectories(distribution.resolve("bin"));
    Files.createFile(program);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void saysWhatIsWrongWithAnArgumentBeforeItStartsAnything() {
    assertThat(run("--targets", "direct,proxysql")).isEqualTo(2);
    assertThat(errors.toString()).contains("unknown target 'proxysql'");
  }

  @Test
  void refusesWhatIsNoNumber() {
    assertThat(run("--rounds", "many")).isEqualTo(2);
    assertThat(errors.toString()).contains("--rounds", "'many' is not an int");
  }

  @Test
  void refusesARoundOfNoSeconds() {
    assertThat(run("--seconds", "0")).isEqualTo(2);
    assertThat(errors.toString()).contains("--seconds must be from 1 to 600: 0");
  }

  @Test
  void theMirrorsBenchSaysWhatIsWrongBeforeItStartsAnything() {
    assertThat(run("mirror", "--rates", "100,0")).isEqualTo(2);
    assertThat(errors.toString()).contains("--rates must be from 1 to 1000000: 0");
    assertThat(run("mirror", "--outage", "ten")).isEqualTo(2);
    assertThat(errors.toString()).contains("--outage", "'ten' is not a double");
  }

  @Test
  void needsADistribution() throws IOException {
    Files.delete(distribution.resolve("bin/crossfade"));

    assertThat(run()).isEqualTo(2);
    assertThat(errors.toString()).contains("there is no bin/crossfade in");
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(run("--help")).isZero();
    assertThat(output.toString())
        .contains("--targets", "--workloads", "--modes", "--connections", "--rounds", "--seconds")
        .contains("--idle", "--quick", "--no-shardingsphere", "--mysqlrouter", "--output")
        .doesNotContain("--distribution", "--cache");
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--distribution";
    all[1] = distribution.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return new CommandLine(new Bench())
        .setErr(new PrintWriter(errors, true))
        .setOut(new PrintWriter(output, true))
        .execute(all);
  }
}

package io.crossfade.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuTimeTest {
  @TempDir Path process;

  @Test
  void addsUpTheThreadsWithTheirNewOnes() throws IOException {
    thread("42", "1000000000 5 7");
    CpuTime before = CpuTime.of(process);
    thread("42", "1500000000 5 9");
    thread("43", "250000000 1 1");

    assertThat(CpuTime.of(process).secondsSince(before)).isEqualTo(0.75, within(1e-9));
  }

  @Test
  void aThreadThatHasEndedTakesNothingAway() throws IOException {
    thread("42", "1000000000 5 7");
    thread("43", "9000000000 5 7");
    CpuTime before = CpuTime.of(process);
    Files.delete(process.resolve("task/43/schedstat"));
    thread("42", "1200000000 5 7");

    assertThat(CpuTime.of(process).secondsSince(before)).isEqualTo(0.2, within(1e-9));
  }

  @Test
  void takesTheTicksWhereTheSchedulerKeepsNoBooks() throws IOException {
    Files.createDirectories(process.resolve("task/42"));
    stat(250, 50);
    CpuTime before = CpuTime.of(process);
    stat(260, 55);

    assertThat(CpuTime.of(process).secondsSince(before)).isEqualTo(0.15, within(1e-9));
  }

  @Test
  void aProcessThatDoesNotExistTakesNothing() throws IOException {
    assertThat(CpuTime.of(process.resolve("none")).secondsSince(CpuTime.NONE)).isZero();
  }

  private void thread(String id, String books) throws IOException {
    Path task = Files.createDirectories(process.resolve("task").resolve(id));
    Files.writeString(task.resolve("schedstat"), books + "\n");
  }

  private void stat(int user, int system) throws IOException {
    Files.writeString(
        process.resolve("stat"),
        "42 (x) S 1 42 42 0 -1 4194304 100 0 0 0 " + user + " " + system + " 7 8 20 0 3 0 100");
  }
}

package io.crossfade.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SupervisedProcessTest {
  @TempDir Path directory;

  @Test
  void endsTheProcessAndNotOnlyTheShellAboveIt() throws Exception {
    SupervisedProcess process =
        SupervisedProcess.start("sleeper", directory, List.of("sleep", "600"));
    ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
    Awaitility.await("the shell's child has become the command")
        .until(() -> handle.info().command().orElse("").contains("sleep"));

    process.close();

    handle.onExit().get(10, TimeUnit.SECONDS);
    assertThat(ProcessHandle.of(process.pid())).isEmpty();
  }

  @Test
  void tellsTheEndOfTheLogOfAProcessThatEndsTooEarly() throws Exception {
    try (SupervisedProcess process =
        SupervisedProcess.start("failing", directory, List.of("sh", "-c", "echo no such thing"))) {
      assertThatThrownBy(() -> process.awaitPort(Ports.free(), Duration.ofSeconds(30)))
          .hasMessage("failing has ended:\nno such thing");
    }
  }
}

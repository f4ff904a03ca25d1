package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ParentDeathIT {

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void bothServersEndWithAJvmThatIsKilled(@TempDir Path directory)
      throws IOException, InterruptedException {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BothServers.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Long> pids = pids(parent);
    assertThat(pids).hasSize(2).allMatch(pid -> ProcessHandle.of(pid).isPresent());

    parent.destroyForcibly().waitFor();

    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
  }

  private static List<Long> pids(Process parent) throws IOException {
    BufferedReader lines = parent.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    assertThat(line).startsWith("PIDS ");
    return Arrays.stream(line.split(" ")).skip(1).map(Long::valueOf).toList();
  }
}

package io.crossfade.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs({OS.LINUX, OS.MAC})
class ScriptsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path directory;

  private record Ended(int code, String output) {}

  @ParameterizedTest
  @ValueSource(strings = {"crossfade", "docker/src/main/bin/crossfade", "sandbox/system-libraries"})
  void isGoodShell(String script) throws Exception {
    assertThat(run("17", "sh", "-n", ROOT.resolve(script).toString())).isEqualTo(new Ended(0, ""));
    assertThat(ROOT.resolve(script)).isExecutable();
  }

  @ParameterizedTest
  @ValueSource(strings = {"crossfade", "docker/src/main/bin/crossfade"})
  void refusesAnOldJavaWithAClearMessage(String script) throws Exception {
    Ended ended = run("11", ROOT.resolve(script).toString(), "check-config", "x.yaml");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output()).contains("is Java 11; 17 or later is needed");
  }

  @Test
  void givesTheDistributionsOwnConfigurationUnlessAnotherIsNamed() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("dist/bin")).resolve("crossfade");
    Files.copy(ROOT.resolve("docker/src/main/bin/crossfade"), bin);
    Files.setPosixFilePermissions(bin, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path home = directory.toRealPath().resolve("dist");

    assertThat(run("17", bin.toString(), "run").output())
        .contains(
            "-cp "
                + home
                + "/lib/*:"
                + home
                + "/plugins/* io.crossfade.server.app.Crossfade run"
                + " --config "
                + home
                + "/conf/crossfade.yaml");
    assertThat(run("17", bin.toString(), "run", "--config", "a b.yaml").output())
        .endsWith("Crossfade run --config a b.yaml\n");
  }

  @Test
  void explainsTheLauncher() throws Exception {
    assertThat(run("17", ROOT.resolve("crossfade").toString(), "--help").output())
        .contains("demo", "run [--config FILE]", "check-config FILE");
    assertThat(run("17", ROOT.resolve("crossfade").toString(), "no-such-command").code())
        .isEqualTo(2);
  }

  /** Runs with a JAVA_HOME whose java only says its version, or what it was called with. */
  private Ended run(String javaVersion, String... command)
      throws IOException, InterruptedException {
    Path java = Files.createDirectories(directory.resolve("java/bin")).resolve("java");
    Files.writeString(
        java,
        "#!/bin/sh\nif [ \"$1\" = -version ]; then echo 'openjdk version \""
            + javaVersion
            + ".0.1\"' >&2; else echo \"$@\"; fi\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", directory.resolve("java").toString());
    builder.environment().remove("CROSSFADE_OPTS");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}

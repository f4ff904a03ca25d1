package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directory that the build made. */
class DistributionIT {
  private static final Path HOME = home();

  @Test
  void holdsEachJarOnce() throws IOException {
    assertThat(Stream.concat(jars("lib").stream(), jars("plugins").stream()).map(this::artifact))
        .doesNotHaveDuplicates();
  }

  @Test
  void hasTheServerInLibAndThePluginsInPlugins() throws IOException {
    assertThat(jars("lib")).anyMatch(jar -> jar.startsWith("crossfade-proxy-server-"));
    assertThat(jars("lib")).noneMatch(jar -> jar.startsWith("crossfade-plugin-"));
    assertThat(jars("plugins").stream().filter(jar -> jar.startsWith("crossfade-")))
        .allMatch(jar -> jar.startsWith("crossfade-plugin-"))
        .hasSize(2);
  }

  @Test
  void holdsNothingThatMayNotBeRedistributedOrIsOnlyForTests() throws IOException {
    assertThat(Stream.concat(jars("lib").stream(), jars("plugins").stream()))
        .noneMatch(
            jar ->
                jar.matches(
                    "(mysql-connector|testing-mysql|crossfade-sandbox|hbase-server|kafka_|scala|junit|assertj).*"));
  }

  @Test
  void hasKafkasClientsWithThePluginThatNeedsThem() throws IOException {
    assertThat(jars("plugins")).anyMatch(jar -> jar.startsWith("kafka-clients-"));
    assertThat(jars("lib")).noneMatch(jar -> jar.startsWith("kafka-"));
  }

  @Test
  void acceptsItsOwnConfigurationWithTheRealPlugins() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                HOME.resolve("bin/crossfade").toString(),
                "check-config",
                HOME.resolve("conf/crossfade.yaml").toString())
            .redirectErrorStream(true);
    builder.environment().put("CROSSFADE_MYSQL_PASSWORD", "not-shown");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output)
        .contains("crossfade.yaml is good", "starts the plugins dualwrite, readswitch")
        .doesNotContain("not-shown");
    assertThat(process.waitFor()).isZero();
  }

  private String artifact(String jar) {
    return jar.replaceFirst("-\\d[^/]*?(-linux-[a-z0-9_]+)?\\.jar$", "$1");
  }

  private static List<String> jars(String folder) throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Path home() {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> Files.isExecutable(file.resolve("bin/crossfade")))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("the distribution was not built"))
          .toAbsolutePath();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

package io.crossfade.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Searches by coverage, with Jazzer, in a JVM of its own for each target. Only with {@code -Pfuzz},
 * which brings Jazzer; {@code -Dfuzz.minutes} is the time for each target, {@code -Dfuzz.targets}
 * names some of them. What Jazzer has learned is kept in {@code target/fuzz} and used again.
 */
@EnabledIfSystemProperty(named = "fuzz.minutes", matches = "\\d+")
class LongFuzzTest {
  private static final int MINUTES = Integer.getInteger("fuzz.minutes", 10);

  private static final String ALL = "Conversation,Garbage,Tracker,Decoder,Compression,Config,Sql";

  static Stream<String> targets() {
    return Stream.of(System.getProperty("fuzz.targets", ALL).split(","));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void findsNothing(String target) throws Exception {
    Path work = Files.createDirectories(Path.of("target", "fuzz", target).toAbsolutePath());
    Path corpus = Files.createDirectories(work.resolve("corpus"));
    Path log = work.resolve("log.txt");
    Process jazzer =
        start(getClass().getPackageName() + "." + target + "Target", work, corpus, log);
    try {
      assertThat(jazzer.waitFor(MINUTES + 5L, TimeUnit.MINUTES)).as("ends in time").isTrue();
      assertThat(jazzer.exitValue()).as("findings, see %s", log).isZero();
      assertThat(Files.readString(log)).contains("DONE");
    } finally {
      jazzer.destroyForcibly();
    }
  }

  private static Process start(String target, Path work, Path corpus, Path log) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dio.netty.allocator.type=unpooled",
                "-Dio.netty.leakDetection.level=disabled",
                "-Dio.netty.tryReflectionSetAccessible=true",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target,
                "--instrumentation_includes=io.crossfade.**",
                "--custom_hook_includes=io.crossfade.**",
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.*",
                "-max_len=4000",
                "-rss_limit_mb=4096",
                "-print_final_stats=1",
                "-max_total_time=" + MINUTES * 60,
                corpus.toString()))
        .directory(work.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}

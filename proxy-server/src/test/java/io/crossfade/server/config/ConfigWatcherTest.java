package io.crossfade.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatcherTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @TempDir Path directory;

  @Test
  void noticesAFileThatIsRewrittenAndOneThatIsReplaced() throws Exception {
    Path file = Files.writeString(directory.resolve("a.yaml"), "1");
    AtomicInteger calls = new AtomicInteger();
    try (ConfigWatcher watcher =
        new ConfigWatcher(() -> Set.of(file), () -> calls.incrementAndGet() > 0)) {
      assertThat(watcher).isNotNull();
      Files.writeString(file, "2");
      await().atMost(LIMIT).untilAsserted(() -> assertThat(calls).hasValue(1));

      Path fresh = Files.writeString(directory.resolve("a.yaml.new"), "3");
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      await().atMost(LIMIT).untilAsserted(() -> assertThat(calls).hasValue(2));
    }
  }

  @Test
  void tellsAgainUntilItIsHeard() throws Exception {
    Path file = Files.writeString(directory.resolve("a.yaml"), "1");
    AtomicInteger calls = new AtomicInteger();
    try (ConfigWatcher watcher =
        new ConfigWatcher(() -> Set.of(file), () -> calls.incrementAndGet() == 3)) {
      assertThat(watcher).isNotNull();
      Files.writeString(file, "2");
      await().atMost(LIMIT).untilAsserted(() -> assertThat(calls).hasValue(3));
      await()
          .during(ConfigWatcher.INTERVAL.multipliedBy(3))
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(calls).hasValue(3));
    }
  }
}

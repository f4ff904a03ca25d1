package io.crossfade.dualwrite.dirty;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStoreConfig.WhenUnrecordable;
import io.crossfade.dualwrite.dirty.kafka.KafkaOpener;
import io.crossfade.dualwrite.dirty.kafka.KafkaSettings;
import io.crossfade.sandbox.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child JVM that says which marks were confirmed is killed with SIGKILL in the middle of it. */
class DirtyStoreKillIT {
  private static final TableName T = new TableName("social", "follower");
  private static final SessionId SESSION = new SessionId("uuid", 7);
  private static final int KILLS = 5;

  @TempDir Path directory;

  /** Marks keys for ever, telling of each when it is confirmed. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      JournaledDirtyStore store = open(Path.of(args[0]), args[2]);
      Holder h = store.open(SESSION);
      for (int i = Integer.parseInt(args[1]); ; i++) {
        store.mark(h, T, List.of(key(i)), List.of()).toCompletableFuture().join();
        System.out.println("confirmed " + i);
      }
    }
  }

  /** In Kafka if brokers are given, else in RocksDB. */
  private static JournaledDirtyStore open(Path directory, String brokers) {
    Disk.Opener opener =
        brokers.isEmpty()
            ? RocksDisk.OPENER
            : new KafkaOpener(
                new KafkaSettings(
                    brokers, directory.getFileName().toString(), 4, 1, "killed", Map.of()));
    return JournaledDirtyStore.open(
        new DirtyStoreConfig(
            directory, Duration.ofSeconds(5), Duration.ofSeconds(5), WhenUnrecordable.REFUSE),
        opener,
        List.of(T),
        new SimpleMeterRegistry(),
        Incidents.NONE);
  }

  private static Key key(int i) {
    return new Key(ByteBuffer.allocate(4).putInt(i).array());
  }

  @Test
  void everyConfirmedMarkSurvivesKillNine() throws Exception {
    everyConfirmedMarkSurvives(directory, "");
  }

  @Test
  void everyMarkThatKafkaConfirmedSurvivesKillNine() throws Exception {
    everyConfirmedMarkSurvives(
        directory.resolve(SharedServers.uniqueSchema("killed")),
        SharedServers.kafka().bootstrapServers());
  }

  private static void everyConfirmedMarkSurvives(Path at, String brokers) throws Exception {
    int next = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      next = runAndKill(at, brokers, next, 200 + 37 * kill) + 1;
    }
    try (JournaledDirtyStore s = open(at, brokers)) {
      for (int i = 0; i < next; i++) {
        assertThat(s.isDirty(T, key(i))).as("key %d", i).isTrue();
      }
      assertThat(s.ranges(T)).as("nothing is dirty by debt").isEmpty();
      assertThat(s.undecided()).containsExactly(SESSION);
      assertThat(s.pick(T, 10)).noneMatch(Picked::removable);
    }
  }

  /** The last key known to be confirmed. */
  private static int runAndKill(Path at, String brokers, int from, int marks)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                at.toString(),
                Integer.toString(from),
                brokers)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int last = from - 1;
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = out.readLine()) != null) {
        if (line.startsWith("confirmed ")) {
          // The very last line may have been cut short: its number is smaller then.
          last = Math.max(last, Integer.parseInt(line.substring("confirmed ".length())));
          if (last >= from + marks) {
            // Not the process's own method: that one closes the stream too.
            child.toHandle().destroyForcibly();
          }
        }
      }
    }
    child.waitFor();
    assertThat(last).isGreaterThanOrEqualTo(from + marks);
    return last;
  }
}

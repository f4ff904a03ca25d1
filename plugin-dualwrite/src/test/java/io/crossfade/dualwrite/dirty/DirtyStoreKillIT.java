package io.crossfade.dualwrite.dirty;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
      RocksDirtyStore store =
          RocksDirtyStore.open(
              new DirtyStoreConfig(Path.of(args[0])),
              List.of(T),
              new SimpleMeterRegistry(),
              Incidents.NONE);
      Holder h = store.open(SESSION);
      for (int i = Integer.parseInt(args[1]); ; i++) {
        store.mark(h, T, List.of(key(i)), List.of()).toCompletableFuture().join();
        System.out.println("confirmed " + i);
      }
    }
  }

  private static Key key(int i) {
    return new Key(ByteBuffer.allocate(4).putInt(i).array());
  }

  @Test
  void everyConfirmedMarkSurvivesKillNine() throws Exception {
    int next = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      next = runAndKill(next, 200 + 37 * kill) + 1;
    }
    try (RocksDirtyStore s =
        RocksDirtyStore.open(
            new DirtyStoreConfig(directory),
            List.of(T),
            new SimpleMeterRegistry(),
            Incidents.NONE)) {
      for (int i = 0; i < next; i++) {
        assertThat(s.isDirty(T, key(i))).as("key %d", i).isTrue();
      }
      assertThat(s.undecided()).containsExactly(SESSION);
      assertThat(s.pick(T, 10)).noneMatch(Picked::removable);
    }
  }

  /** The last key known to be confirmed. */
  private int runAndKill(int from, int marks) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString(),
                Integer.toString(from))
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

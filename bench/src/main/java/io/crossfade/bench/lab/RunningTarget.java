package io.crossfade.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.proxy.AdminClient;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Something that speaks MySQL's protocol on 127.0.0.1.
 *
 * @param pid the process that is charged; 0 for MySQL itself, which is measured for all
 * @param admin where it has an admin port
 * @param probe where it can be looked into
 */
public record RunningTarget(
    Kind kind, int port, long pid, Optional<AdminClient> admin, Optional<JvmProbe> probe) {
  private static final int CLEAN_SECONDS = 60;

  static RunningTarget plain(Kind kind, int port, long pid) {
    return new RunningTarget(kind, port, pid, Optional.empty(), Optional.empty());
  }

  /**
   * Waits until everything changed is in HBase, where this target mirrors: that work belongs to the
   * statements that caused it.
   */
  public void awaitMirrored() throws IOException, InterruptedException {
    if (kind != Kind.WATCHED || admin.isEmpty()) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLEAN_SECONDS);
    while (true) {
      JsonNode mirror = admin.get().table(Dataset.TABLE, "mirror");
      if (mirror.path("dirtyKeys").asLong(-1) == 0 && mirror.path("dirtyRanges").asLong(-1) == 0) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the mirror has not caught up within a minute: " + mirror);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}

package io.crossfade.bench.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.bench.lab.Dataset;
import io.crossfade.sandbox.proxy.AdminClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What the proxy's admin port says of the mirror. */
final class MirrorView {
  private static final long POLL_MILLIS = 50;

  private final AdminClient admin;

  MirrorView(AdminClient admin) {
    this.admin = admin;
  }

  private JsonNode mirror() throws IOException, InterruptedException {
    return admin.table(Dataset.TABLE, "mirror");
  }

  /** Keys written to HBase since the start. */
  long written() throws IOException, InterruptedException {
    return mirror().path("written").asLong();
  }

  /** Dirty keys now. */
  long dirtyKeys() throws IOException, InterruptedException {
    return mirror().path("dirtyKeys").asLong(-1);
  }

  /** Records the age of the oldest dirty key, again and again, while {@code thread} lives. */
  Histogram lagWhile(Thread thread) throws IOException, InterruptedException {
    Histogram millis = new Histogram(TimeUnit.DAYS.toMillis(1), 3);
    do {
      millis.recordValue(mirror().path("lagMillis").asLong());
      thread.join(POLL_MILLIS);
    } while (thread.isAlive());
    return millis;
  }

  /** Waits until nothing is dirty; says how many seconds it took. */
  double awaitClean(Duration limit) throws IOException, InterruptedException {
    long from = System.nanoTime();
    while (true) {
      JsonNode now = mirror();
      if (now.path("dirtyKeys").asLong(-1) == 0 && now.path("dirtyRanges").asLong(-1) == 0) {
        return (System.nanoTime() - from) / 1e9;
      }
      if (System.nanoTime() - from > limit.toNanos()) {
        throw new IOException("the mirror has not caught up within " + limit + ": " + now);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }
}

package io.crossfade.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices changes of the configuration's files by looking at their content, which also works for
 * editors that replace a file, mounted volumes and secrets behind links. A change is reported once
 * the content was the same at two looks in a row, so a file that is just being written is not read.
 */
public final class ConfigWatcher implements AutoCloseable {
  /** How often it looks; a change is acted on after at most twice this time. */
  public static final Duration INTERVAL = Duration.ofMillis(200);

  private static final Logger LOGGER = LoggerFactory.getLogger(ConfigWatcher.class);

  private final Supplier<Set<Path>> files;
  private final Supplier<Boolean> changed;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "config-watcher");
            thread.setDaemon(true);
            return thread;
          });
  private Map<Path, Long> reported;
  private Map<Path, Long> lastLook;

  /**
   * Starts watching.
   *
   * @param files the files to watch, asked at every look
   * @param changed called on the watcher's thread; true = taken note of, false = tell me again
   */
  public ConfigWatcher(Supplier<Set<Path>> files, Supplier<Boolean> changed) {
    this.files = files;
    this.changed = changed;
    this.reported = look();
    this.lastLook = reported;
    long millis = INTERVAL.toMillis();
    executor.scheduleWithFixedDelay(this::tick, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      Map<Path, Long> now = look();
      boolean settled = now.equals(lastLook);
      lastLook = now;
      if (settled && !now.equals(reported) && changed.get()) {
        reported = look(now);
      }
    } catch (RuntimeException e) {
      LOGGER.atError().setCause(e).log("looking at the configuration files failed");
    }
  }

  private Map<Path, Long> look() {
    Map<Path, Long> contents = new HashMap<>();
    for (Path file : files.get()) {
      contents.put(file, fingerprint(file));
    }
    return contents;
  }

  /** What was reported, and for files that joined with the change what they hold now. */
  private Map<Path, Long> look(Map<Path, Long> seen) {
    Map<Path, Long> contents = look();
    contents.replaceAll((file, now) -> seen.getOrDefault(file, now));
    return contents;
  }

  private static long fingerprint(Path file) {
    try {
      byte[] content = Files.readAllBytes(file);
      CRC32C crc = new CRC32C();
      crc.update(content);
      return crc.getValue() ^ ((long) content.length << 32);
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

package io.crossfade.dualwrite.dirty;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Any disk, made to stall and fail on demand. */
final class FaultyDisk implements Disk {
  private final Disk disk;
  private boolean stalled;
  private boolean waiting;
  private boolean failing;
  private volatile boolean loaded;
  private int tearAfter;
  private @Nullable Random tearing;
  final AtomicInteger syncs = new AtomicInteger();

  FaultyDisk(Disk disk) {
    this.disk = disk;
  }

  synchronized void stall(boolean on) {
    stalled = on;
    waiting = false;
    notifyAll();
  }

  synchronized void fail(boolean on) {
    failing = on;
  }

  /** Whether a store has it, which closes it. */
  boolean loaded() {
    return loaded;
  }

  /** Whether a write is waiting for the end of the stall. */
  synchronized boolean waiting() {
    return stalled && waiting;
  }

  /**
   * Makes the write after the next {@code full} ones stop in the middle, and all later ones fail.
   */
  synchronized void tear(int full, Random random) {
    tearAfter = full;
    tearing = random;
  }

  /** Whether a write has stopped in the middle. */
  synchronized boolean torn() {
    return tearing != null && failing;
  }

  /** What the contract allows to be left: some of what is kept; all of it, and some deletions. */
  private static Map<RecordKey, byte @Nullable []> part(
      Map<RecordKey, byte @Nullable []> changes, Random random) {
    Map<RecordKey, byte @Nullable []> part = new LinkedHashMap<>();
    boolean allKept = random.nextBoolean();
    changes.forEach(
        (k, v) -> {
          if (v == null ? allKept && random.nextBoolean() : allKept || random.nextBoolean()) {
            part.put(k, v);
          }
        });
    return part;
  }

  Disk disk() {
    return disk;
  }

  @Override
  public void load(BiConsumer<byte[], byte[]> each) throws IOException {
    loaded = true;
    disk.load(each);
  }

  @Override
  public synchronized void write(Map<RecordKey, byte @Nullable []> changes, boolean sync)
      throws IOException {
    while (stalled) {
      waiting = true;
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    if (failing) {
      throw new IOException("No space left on device");
    }
    if (tearing != null && tearAfter-- == 0) {
      disk.write(part(changes, tearing), true);
      failing = true;
      throw new IOException("Power lost");
    }
    disk.write(changes, sync);
    if (sync) {
      syncs.incrementAndGet();
    }
  }

  @Override
  public boolean shared() {
    return disk.shared();
  }

  @Override
  public void recover() throws IOException {
    disk.recover();
  }

  @Override
  public void close() {
    disk.close();
  }
}

package io.crossfade.dualwrite.dirty;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A disk in memory that stalls and fails on demand, and shows what would survive a crash. */
final class FakeDisk implements Disk {
  private final Map<RecordKey, byte[]> written = new TreeMap<>();
  private Map<RecordKey, byte[]> synced = new TreeMap<>();
  private boolean stalled;
  private boolean failing;
  final AtomicInteger syncs = new AtomicInteger();

  FakeDisk() {}

  /** A disk with what survived. */
  FakeDisk(Map<RecordKey, byte[]> content) {
    written.putAll(content);
    synced.putAll(content);
  }

  synchronized void stall(boolean on) {
    stalled = on;
    notifyAll();
  }

  synchronized void fail(boolean on) {
    failing = on;
  }

  /** What a crash now would leave. */
  synchronized Map<RecordKey, byte[]> afterCrash() {
    return new TreeMap<>(synced);
  }

  @Override
  public synchronized void load(BiConsumer<byte[], byte[]> each) {
    new TreeMap<>(written).forEach((k, v) -> each.accept(k.bytes(), v));
  }

  @Override
  public synchronized void write(Map<RecordKey, byte @Nullable []> changes, boolean sync)
      throws IOException {
    while (stalled) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    if (failing) {
      throw new IOException("No space left on device");
    }
    changes.forEach(
        (k, v) -> {
          if (v == null) {
            written.remove(k);
          } else {
            written.put(k, v);
          }
        });
    if (sync) {
      syncs.incrementAndGet();
      synced = new TreeMap<>(written);
    }
  }

  @Override
  public void recover() {}

  @Override
  public void close() {}
}

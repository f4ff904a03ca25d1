package io.crossfade.dualwrite.dirty;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A disk in memory that shows what would survive a crash. */
final class FakeDisk implements Disk {
  private final Map<RecordKey, byte[]> written = new TreeMap<>();
  private Map<RecordKey, byte[]> synced = new TreeMap<>();

  FakeDisk() {}

  /** A disk with what survived. */
  FakeDisk(Map<RecordKey, byte[]> content) {
    written.putAll(content);
    synced.putAll(content);
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
  public synchronized void write(Map<RecordKey, byte @Nullable []> changes, boolean sync) {
    changes.forEach(
        (k, v) -> {
          if (v == null) {
            written.remove(k);
          } else {
            written.put(k, v);
          }
        });
    if (sync) {
      synced = new TreeMap<>(written);
    }
  }

  @Override
  public void recover() {}

  @Override
  public synchronized void close() {
    synced = new TreeMap<>(written);
  }
}

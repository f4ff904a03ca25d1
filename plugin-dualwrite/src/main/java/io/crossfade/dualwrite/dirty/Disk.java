package io.crossfade.dualwrite.dirty;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ordered set of records that survives a crash. Used by one thread at a time, which may be
 * blocked: no application waits for it longer than the stall limit.
 */
public interface Disk extends AutoCloseable {
  /** What RocksDB keeps its files in, in the store's directory. */
  String IN_ROCKS = "rocks";

  /** The file in the store's directory that says whose records are in Kafka. */
  String IN_KAFKA = "kafka-proxy";

  /** Shows every record, in order of key bytes, once: right after opening. */
  void load(BiConsumer<byte[], byte[]> each) throws IOException;

  /**
   * Applies changes. All of them must be there when this returns. If it fails, or a crash comes
   * before, any of the records to keep may be there, and some deletions only if all records to keep
   * are.
   *
   * @param changes record key to value; null deletes
   * @param sync whether they, and all before them, must survive a crash when this returns
   */
  void write(Map<RecordKey, byte @Nullable []> changes, boolean sync) throws IOException;

  /** Whether others read the records, and are to be told when a key is released. */
  default boolean shared() {
    return false;
  }

  /** Called before a write that failed is tried again. */
  void recover() throws IOException;

  @Override
  void close();

  /** Opens one kind of disk. */
  interface Opener {
    /**
     * Opens, creating what is missing.
     *
     * @param directory the store's directory; exists, and is locked for this process
     * @param abnormal to be told the name of each abnormal path that is taken
     * @throws IOException when it cannot be opened; the message is completed by {@link #advice}
     */
    Disk open(Path directory, Consumer<String> abnormal) throws IOException;

    /** What to do when it cannot be opened: one or two sentences without the last full stop. */
    String advice();
  }
}

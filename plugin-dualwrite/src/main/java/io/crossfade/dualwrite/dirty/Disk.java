package io.crossfade.dualwrite.dirty;

import java.io.IOException;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An ordered set of records that survives a crash. Used by one thread at a time. */
interface Disk extends AutoCloseable {
  /** Shows every record, in order of key bytes, once: right after opening. */
  void load(BiConsumer<byte[], byte[]> each) throws IOException;

  /**
   * Applies changes atomically.
   *
   * @param changes record key to value; null deletes
   * @param sync whether they, and all before them, must survive a crash when this returns
   */
  void write(Map<RecordKey, byte @Nullable []> changes, boolean sync) throws IOException;

  /** Called before a write that failed is tried again. */
  void recover() throws IOException;

  @Override
  void close();
}

package io.crossfade.readswitch.hbase;

import io.crossfade.api.mapping.TableMapping;
import io.crossfade.readswitch.rows.ReadResult;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Carries out reads. Thread-safe; never blocks. */
@FunctionalInterface
public interface Reader {
  /**
   * Reads from the table of {@code mapping}.
   *
   * @param abandoned whether nobody waits for the result any more; a read of many steps then stops
   * @return fails with HBase's exception
   */
  CompletableFuture<ReadResult> read(
      TableMapping mapping, HBaseRead read, BooleanSupplier abandoned);
}

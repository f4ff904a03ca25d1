package io.crossfade.readswitch.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The rows of one watched table in HBase. Stages fail with HBase's exception. Thread-safe. */
interface RowSource {
  /** Items: states and columns. */
  byte[] ITEMS = "i".getBytes(StandardCharsets.US_ASCII);

  /** Order entries. */
  byte[] ORDERS = "o".getBytes(StandardCharsets.US_ASCII);

  /** The rows of those keys that exist, in no order. */
  CompletableFuture<List<Row>> points(List<Key> keys);

  /**
   * Rows of a list in a declared order.
   *
   * @param after {@link Chunk#next} of the chunk before; null for the first one
   * @param skip how many rows may be skipped at the start, as far as the layout can
   * @param limit how much to examine at most, beside what is skipped
   */
  CompletableFuture<Chunk> ordered(
      int order, byte[] list, byte @Nullable [] after, long skip, int limit);

  /** Rows of a list in no particular order. */
  CompletableFuture<Chunk> items(byte[] list, byte @Nullable [] after, int limit);

  /** How many rows a list has; empty when finding out would cost more than {@code limit}. */
  CompletableFuture<OptionalLong> count(byte[] list, int limit);
}

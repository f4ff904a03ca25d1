package io.crossfade.readswitch.hbase;

import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.readswitch.rows.ReadResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.AsyncTable;

/** Carries out reads on the connection that the dual-write plugin keeps. Thread-safe. */
public final class HBaseReader implements Reader {
  /** So long a read that nobody waits for any more may still occupy its place. */
  private static final long OPERATION_TIMEOUT_MILLIS = 2_000;

  private final Supplier<Optional<AsyncConnection>> connection;

  /**
   * @param connection the connection, empty while there is none
   */
  public HBaseReader(Supplier<Optional<AsyncConnection>> connection) {
    this.connection = connection;
  }

  @Override
  public CompletableFuture<ReadResult> read(
      TableMapping mapping, HBaseRead read, BooleanSupplier abandoned) {
    Optional<AsyncConnection> open = connection.get();
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("there is no connection to HBase"));
    }
    AsyncTable<?> table =
        open.get()
            .getTableBuilder(TableName.valueOf(mapping.config().hbaseTable()))
            .setOperationTimeout(OPERATION_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
            .setScanTimeout(OPERATION_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
            .setReadRpcTimeout(OPERATION_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
            .build();
    RowSource source =
        mapping.config().layout() == Layout.WIDE
            ? new WideRows(table, mapping)
            : new TallRows(table, mapping);
    return read.from(source, abandoned);
  }
}

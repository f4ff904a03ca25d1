package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.TableMapping;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Get;
import org.jspecify.annotations.Nullable;

/**
 * The connection to HBase, made when first needed, so that a dead HBase delays nobody's start.
 * Thread-safe; blocks.
 */
public final class HBaseLink implements AutoCloseable {
  private final HBaseSettings settings;
  private Consumer<AsyncConnection> listener = made -> {};
  private @Nullable AsyncConnection connection;
  private boolean closed;

  public HBaseLink(HBaseSettings settings) {
    this.settings = settings;
  }

  /** Tells {@code newListener} of every connection that is made from now on. */
  public synchronized void onConnected(Consumer<AsyncConnection> newListener) {
    listener = newListener;
  }

  /** How HBase is reached. */
  HBaseSettings settings() {
    return settings;
  }

  /**
   * The connection.
   *
   * @throws IOException when HBase cannot be reached by the deadline
   */
  public synchronized AsyncConnection connection() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    if (connection == null) {
      connection = await(ConnectionFactory.createAsyncConnection(settings.configuration()));
      listener.accept(connection);
    }
    return connection;
  }

  /** A watched table's HBase table. */
  AsyncTable<?> table(TableMapping mapping) throws IOException {
    return table(mapping.config().hbaseTable());
  }

  /** The table called {@code name}. */
  AsyncTable<?> table(String name) throws IOException {
    return connection().getTable(TableName.valueOf(name));
  }

  /** Forgets the connection; the next use makes a new one. For when HBase stays unreachable. */
  public void reset() {
    @Nullable AsyncConnection old;
    synchronized (this) {
      old = connection;
      connection = null;
    }
    closeQuietly(old);
  }

  /** Reads a row that never is, to see whether the table can be read. */
  public void probe(String name) throws IOException {
    await(table(name).exists(new Get(new byte[] {0})));
  }

  /** Waits for {@code stage} a little longer than HBase's own deadline. */
  <T> T await(CompletableFuture<T> stage) throws IOException {
    return await(stage, settings.deadline().multipliedBy(2));
  }

  /** Waits for {@code stage} at most {@code limit}. */
  static <T> T await(CompletableFuture<T> stage, Duration limit) throws IOException {
    try {
      return stage.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (TimeoutException e) {
      throw new IOException("HBase did not answer within " + limit.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
    }
  }

  /** Waits for all of {@code stages}; the first failure is thrown. */
  <T> List<T> awaitAll(List<? extends CompletableFuture<T>> stages) throws IOException {
    await(CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0])));
    List<T> results = new ArrayList<>(stages.size());
    for (CompletableFuture<T> stage : stages) {
      results.add(stage.join());
    }
    return results;
  }

  /**
   * Waits for all of {@code stages}, a little longer than HBase's own deadline; those that are not
   * complete then fail. Afterwards each is complete.
   */
  void settle(List<? extends CompletableFuture<?>> stages) throws InterruptedIOException {
    long limit = settings.deadline().multipliedBy(2).toMillis();
    try {
      CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0]))
          .get(limit, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (TimeoutException e) {
      IOException late = new IOException("HBase did not answer within " + limit + " ms", e);
      stages.forEach(stage -> stage.completeExceptionally(late));
    } catch (ExecutionException e) {
      return; // whoever looks at that stage will find it
    }
  }

  private static void closeQuietly(@Nullable AsyncConnection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        return; // nothing more can be done for it
      }
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    reset();
  }
}

package io.crossfade.dualwrite.dirty.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Hands messages to a handler: those about the same rows in order, others side by side. */
final class Lanes implements AutoCloseable {
  private final int lanes;
  private final ExecutorService threads;

  /**
   * @param lanes how many messages are handled at once; 1 = all in order
   */
  Lanes(int lanes) {
    this.lanes = lanes;
    this.threads =
        Executors.newFixedThreadPool(
            lanes,
            task -> {
              Thread thread = new Thread(task, "crossfade-dirty-module");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Returns when all are handled.
   *
   * @throws IOException when the handler failed; other messages of the batch may be handled or not
   */
  void handle(List<DirtyMessage> batch, DirtyTopicReader.Handler handler)
      throws IOException, InterruptedException {
    List<List<DirtyMessage>> byLane = new ArrayList<>();
    for (int i = 0; i < lanes; i++) {
      byLane.add(new ArrayList<>());
    }
    for (DirtyMessage m : batch) {
      byLane.get(Math.floorMod(m.rows().range().hashCode(), lanes)).add(m);
    }
    List<Future<?>> running = new ArrayList<>();
    for (List<DirtyMessage> lane : byLane) {
      if (!lane.isEmpty()) {
        running.add(
            threads.submit(
                () -> {
                  for (DirtyMessage m : lane) {
                    handler.handle(m);
                  }
                  return null;
                }));
      }
    }
    IOException failure = null;
    for (Future<?> f : running) {
      try {
        f.get();
      } catch (ExecutionException e) {
        failure = new IOException("A message was not handled: " + e.getCause(), e.getCause());
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

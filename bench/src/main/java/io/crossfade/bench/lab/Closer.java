package io.crossfade.bench.lab;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was registered, last first, once. Thread-safe: the end of the run and Ctrl-C may both
 * ask for it. What is registered too late is closed at once.
 */
public final class Closer implements AutoCloseable {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private boolean closed;

  /** Takes a resource over. */
  public synchronized <T extends AutoCloseable> T register(T resource) {
    resources.push(resource);
    if (closed) {
      closeAll();
    }
    return resource;
  }

  /** Closes everything; failures are printed, so that one does not keep the others open. */
  @Override
  public synchronized void close() {
    closed = true;
    closeAll();
  }

  private void closeAll() {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        System.err.println("bench: cannot close: " + e);
      }
    }
  }
}

package io.crossfade.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Closes what was registered, last first, once. Thread-safe: the end of the run and Ctrl-C may both
 * ask for it. What is registered too late is closed at once.
 */
public final class Closer implements AutoCloseable {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final Consumer<String> say;
  private boolean closed;

  /**
   * @param say gets a line for each resource that could not be closed
   */
  public Closer(Consumer<String> say) {
    this.say = say;
  }

  /** Takes a resource over. */
  public synchronized <T extends AutoCloseable> T register(T resource) {
    resources.push(resource);
    if (closed) {
      closeAll();
    }
    return resource;
  }

  /** Closes a registered resource before its turn, and passes on what it throws. */
  public void closeEarly(AutoCloseable resource) throws Exception {
    synchronized (this) {
      resources.remove(resource);
    }
    resource.close();
  }

  /** Closes everything; failures are said, so that one does not keep the others open. */
  @Override
  public synchronized void close() {
    closed = true;
    closeAll();
  }

  private void closeAll() {
    while (!resources.isEmpty()) {
      AutoCloseable resource = resources.pop();
      try {
        resource.close();
      } catch (Exception e) {
        say.accept("while closing " + resource.getClass().getSimpleName() + ": " + e);
      }
    }
  }
}

package io.crossfade.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The life of a server in a child process of this JVM: it ends with this JVM, however that ends;
 * ports and data survive {@link #kill9} and {@link #restart}. Thread-safe.
 */
abstract class EmbeddedServer implements AutoCloseable {
  private final DataDirectory directory;
  private final Duration stopLimit;
  private @Nullable ChildProcess process;

  /**
   * @param directory released when the server is closed
   * @param stopLimit how long an orderly end may take
   */
  EmbeddedServer(DataDirectory directory, Duration stopLimit) {
    this.directory = directory;
    this.stopLimit = stopLimit;
  }

  /** Starts the process and waits until it answers. */
  abstract ChildProcess launch();

  /** To be called once, when the subclass is complete; a failure releases the directory. */
  final synchronized void begin() {
    try {
      process = launch();
    } catch (SandboxException e) {
      directory.release();
      throw e;
    }
  }

  final DataDirectory directory() {
    return directory;
  }

  private ChildProcess process() {
    if (process == null) {
      throw new IllegalStateException("not begun");
    }
    return process;
  }

  /**
   * @return the server's process id, of the running or the last process
   */
  public final synchronized long pid() {
    return process().serverPid();
  }

  /**
   * @return whether the server runs, paused or not
   */
  public final synchronized boolean isAlive() {
    return process().isAlive();
  }

  /** Shuts down in an orderly way; {@link #restart} brings it back with the same data. */
  public final synchronized void stop() {
    process().stop(stopLimit);
  }

  /** Kills the server as a crash would. */
  public final synchronized void kill9() {
    process().kill9();
  }

  /** Freezes the server: the system accepts connections, nothing answers, like a dead network. */
  public final synchronized void pause() {
    process().pause();
  }

  /** Ends a {@link #pause}. What the server lost meanwhile (HBase: its session) stays lost. */
  public final synchronized void resume() {
    process().resume();
  }

  /**
   * Stops the server if it runs, and starts it again with the same ports and data.
   *
   * @throws SandboxException when it does not start, with the end of its log
   */
  public final synchronized void restart() {
    stop();
    process = launch();
  }

  /** Stops the server; temporary data is deleted. */
  @Override
  public final synchronized void close() {
    if (directory.temporary()) {
      process().kill9();
    } else {
      process().stop(stopLimit);
    }
    directory.release();
  }
}

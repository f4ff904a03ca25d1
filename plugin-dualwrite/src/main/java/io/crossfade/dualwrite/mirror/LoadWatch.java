package io.crossfade.dualwrite.mirror;

import io.crossfade.dualwrite.mirror.Brake.Reason;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads MySQL's load once a second, on a thread of its own, and tells the brakes. Thread-safe. */
public final class LoadWatch {
  private static final long INTERVAL_MILLIS = 1_000;

  /**
   * When work is slowed down.
   *
   * @param threadsRunning MySQL's Threads_running; 0 = never
   * @param replicas {@code host:port} of the replicas that are asked
   * @param replicaLag how far they may be behind; zero = never
   */
  public record Limits(int threadsRunning, List<String> replicas, Duration replicaLag) {}

  /** Who says how much MySQL has to do. */
  public interface Server {
    /** {@code Threads_running}. */
    long threadsRunning() throws SQLException, IOException, InterruptedException;

    /** Seconds that the slowest of {@code replicas} is behind; empty when none replicates. */
    OptionalLong secondsBehind(List<String> replicas)
        throws SQLException, IOException, InterruptedException;
  }

  private final Server server;
  private final Supplier<Limits> limits;
  private final List<Brake> brakes;
  private @Nullable Thread thread;

  /**
   * @param limits asked for each reading
   * @param brakes those that are told
   */
  public LoadWatch(Server server, Supplier<Limits> limits, List<Brake> brakes) {
    this.server = server;
    this.limits = limits;
    this.brakes = List.copyOf(brakes);
  }

  /** Starts the thread. */
  public synchronized void start() {
    Thread runner = new Thread(this::run, "load-watch");
    runner.setDaemon(true);
    thread = runner;
    runner.start();
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        round();
        TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads once. */
  void round() throws InterruptedException {
    Limits now = limits.get();
    look(Reason.MYSQL_THREADS_RUNNING, () -> threadsRunning(now));
    look(Reason.REPLICA_LAG, () -> replicaLag(now));
  }

  private interface Reading {
    void read() throws SQLException, IOException, InterruptedException;
  }

  private void look(Reason reason, Reading reading) throws InterruptedException {
    try {
      reading.read();
    } catch (SQLException | IOException | RuntimeException e) {
      brakes.forEach(brake -> brake.unread(reason, e));
    }
  }

  private void threadsRunning(Limits now) throws SQLException, IOException, InterruptedException {
    int limit = now.threadsRunning();
    long running = limit == 0 ? 0 : server.threadsRunning();
    double excess = limit == 0 ? 0 : (double) running / limit;
    String detail = "Threads_running " + running + ", the limit is " + limit;
    brakes.forEach(brake -> brake.read(Reason.MYSQL_THREADS_RUNNING, excess, detail));
  }

  private void replicaLag(Limits now) throws SQLException, IOException, InterruptedException {
    long limit = now.replicaLag().toMillis();
    OptionalLong behind = limit == 0 ? OptionalLong.of(0) : server.secondsBehind(now.replicas());
    if (behind.isEmpty()) {
      throw new SQLException("no replica replicates");
    }
    double excess = limit == 0 ? 0 : behind.getAsLong() * 1e3 / limit;
    String detail = behind.getAsLong() + " s behind, the limit is " + limit + " ms";
    brakes.forEach(brake -> brake.read(Reason.REPLICA_LAG, excess, detail));
  }

  /** Ends the thread. */
  public synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}

package io.crossfade.sandbox.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Plain-JDBC clients that read and change a follower table until told to stop. Each client alone
 * writes the lists it owns, so that it knows what it must read back.
 */
public final class Workload implements AutoCloseable {
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Tally tally = new Tally();
  private final Latencies latencies;
  private volatile Target target;
  private volatile boolean running = true;

  /**
   * Where clients connect.
   *
   * @param host host or address
   * @param port TCP port
   * @param schema schema of the follower table
   */
  public record Target(String host, int port, String schema) {
    String url(boolean serverPrepared) {
      return "jdbc:mysql://"
          + host
          + ":"
          + port
          + "/"
          + schema
          + "?sslMode=DISABLED&allowPublicKeyRetrieval=true&connectTimeout=20000"
          + "&useServerPrepStmts="
          + serverPrepared
          + "&cachePrepStmts="
          + serverPrepared;
    }
  }

  /**
   * How much the clients do.
   *
   * @param clients number of clients, each with one connection at a time
   * @param operationsPerSecond of all clients together; 0 = as fast as they can
   * @param operationsPerSession after about so many a client reconnects
   * @param seed the same seed gives each client the same sequence of choices
   */
  public record Pace(int clients, int operationsPerSecond, int operationsPerSession, long seed) {}

  /** Starts the clients on {@code target}; {@code graph} tells which users there are. */
  public Workload(Target target, SocialGraph graph, Pace pace, String firstPhase) {
    this.target = target;
    this.latencies = new Latencies(firstPhase);
    long[] users = graph.edges().stream().mapToLong(Edge::user).distinct().toArray();
    long pauseNanos =
        pace.operationsPerSecond() == 0
            ? 0
            : TimeUnit.SECONDS.toNanos(1) * pace.clients() / pace.operationsPerSecond();
    for (int i = 0; i < pace.clients(); i++) {
      Client client = new Client(this, i, pace, users, pauseNanos);
      clients.add(client);
      Thread thread = new Thread(client, "client-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  /** The application's URL is changed: each client follows when it next reconnects. */
  public void repoint(Target newTarget) {
    target = newTarget;
    clients.forEach(Client::reconnectSoon);
  }

  Target target() {
    return target;
  }

  boolean running() {
    return running;
  }

  /** What the application saw so far. */
  public Tally tally() {
    return tally;
  }

  /** The latencies it saw. */
  public Latencies latencies() {
    return latencies;
  }

  /**
   * Longest time an operation has taken since {@link #forgetWaits}, connecting and those not yet
   * ended included.
   */
  public Duration longestWait() {
    long now = System.nanoTime();
    return Duration.ofNanos(clients.stream().mapToLong(c -> c.longest(now)).max().orElse(0));
  }

  /** {@link #longestWait} begins anew with what is under way now. */
  public void forgetWaits() {
    clients.forEach(Client::forgetWaits);
  }

  /** Lets every client finish what it is doing and ends them all. */
  @Override
  public void close() {
    running = false;
    for (Thread t : threads) {
      try {
        t.join(TimeUnit.SECONDS.toMillis(60));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (t.isAlive()) {
        tally.error(t.getName() + " does not end: its statement gets no answer");
      }
    }
  }
}

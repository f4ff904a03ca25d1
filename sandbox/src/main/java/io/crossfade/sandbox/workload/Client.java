package io.crossfade.sandbox.workload;

import com.mysql.cj.jdbc.Driver;
import io.crossfade.sandbox.workload.Latencies.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One client: connects, does operations at its pace, reconnects now and then. */
final class Client implements Runnable {
  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;

  private final Workload workload;
  private final int number;
  private final Workload.Pace pace;
  private final long pauseNanos;
  private final SplittableRandom random;
  private final Map<Operation, Kind> kinds;
  private final FollowerOperations operations;
  private volatile boolean reconnect;
  private volatile long startedAt;
  private final AtomicLong longest = new AtomicLong();

  Client(Workload workload, int number, Workload.Pace pace, long[] users, long pauseNanos) {
    this.workload = workload;
    this.number = number;
    this.pace = pace;
    this.pauseNanos = pauseNanos;
    this.random = new SplittableRandom(pace.seed() * 1_000_003 + number);
    this.operations =
        new FollowerOperations(users, number, pace.clients(), random, workload.tally());
    this.kinds = operations.kinds();
  }

  void reconnectSoon() {
    reconnect = true;
  }

  long longest(long now) {
    long since = startedAt;
    return Math.max(longest.get(), since == 0 ? 0 : now - since);
  }

  void forgetWaits() {
    longest.set(0);
  }

  @Override
  public void run() {
    Connection connection = null;
    int left = 0;
    long due = System.nanoTime();
    while (workload.running()) {
      Operation operation = operations.next();
      startedAt = System.nanoTime();
      try {
        if (connection == null || left-- <= 0 || reconnect) {
          reconnect = false;
          close(connection);
          connection = connect();
          left = pace.operationsPerSession() / 2 + random.nextInt(pace.operationsPerSession());
        }
        long from = System.nanoTime();
        operation.run(connection);
        Kind kind = kinds.get(operation);
        workload.latencies().record(kind == null ? Kind.WRITE : kind, System.nanoTime() - from);
        workload.tally().operation();
      } catch (SQLException e) {
        operations.uncertain();
        failed(operation, e);
        close(connection);
        connection = null;
      }
      longest.accumulateAndGet(System.nanoTime() - startedAt, Math::max);
      startedAt = 0;
      due += pauseNanos;
      long wait = due - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      } else {
        due = System.nanoTime();
      }
    }
    close(connection);
  }

  private void failed(Operation operation, SQLException e) {
    if (e.getErrorCode() == ER_LOCK_DEADLOCK || e.getErrorCode() == ER_LOCK_WAIT_TIMEOUT) {
      workload.tally().retry();
    } else {
      workload.tally().error("client " + number + ", " + operations.name(operation) + ": " + e);
    }
  }

  private Connection connect() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", "app");
    login.setProperty("password", "app");
    Connection c = new Driver().connect(workload.target().url(number % 2 == 0), login);
    if (c == null) {
      throw new SQLException("the driver does not know this URL");
    }
    workload.tally().session();
    return c;
  }

  private static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // The connection is being given up; what it did was counted when it failed.
      }
    }
  }

  /** One thing the application does. */
  @FunctionalInterface
  interface Operation {
    void run(Connection connection) throws SQLException;
  }
}

package io.crossfade.bench;

import com.mysql.cj.jdbc.Driver;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One round: a number of connections do one kind of operation as fast as they can. */
final class Load {
  /** What is measured in one round. */
  record Figures(double perSecond, double p50, double p95, double p99, double cpuPer1000) {}

  private Load() {}

  static Figures run(
      Target target, Operation operation, int connections, int seconds, long seed, long[] users)
      throws IOException, InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(connections);
    CountDownLatch connected = new CountDownLatch(connections);
    CountDownLatch go = new CountDownLatch(1);
    try {
      List<Future<Histogram>> parts = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        int number = i;
        Callable<Histogram> part =
            () -> {
              SplittableRandom random = new SplittableRandom(seed * 1009 + number);
              try (Connection c = connect(target, operation.prepared());
                  PreparedStatement s = c.prepareStatement(operation.sql())) {
                connected.countDown();
                go.await();
                return loop(s, operation, seconds, random, users, number);
              }
            };
        parts.add(pool.submit(part));
      }
      if (!connected.await(60, TimeUnit.SECONDS)) {
        throw new IOException(target.name() + ": the connections are not up after 60 s");
      }
      double cpu = target.cpuSeconds();
      long from = System.nanoTime();
      go.countDown();
      Histogram all = new Histogram(3);
      for (Future<Histogram> part : parts) {
        all.add(part.get());
      }
      double elapsed = (System.nanoTime() - from) / 1e9;
      double used = target.cpuSeconds() - cpu;
      return new Figures(
          all.getTotalCount() / elapsed,
          all.getValueAtPercentile(50) / 1e3,
          all.getValueAtPercentile(95) / 1e3,
          all.getValueAtPercentile(99) / 1e3,
          used * 1000 / Math.max(1, all.getTotalCount()));
    } finally {
      pool.shutdownNow();
    }
  }

  private static Histogram loop(
      PreparedStatement s,
      Operation operation,
      int seconds,
      SplittableRandom random,
      long[] users,
      int number)
      throws SQLException {
    Histogram h = new Histogram(3);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (long now = System.nanoTime(); now < end; ) {
      operation.bind(s, random, users, number);
      if (s.execute()) {
        try (ResultSet r = s.getResultSet()) {
          while (r.next()) {
            r.getLong(1);
          }
        }
      }
      long after = System.nanoTime();
      h.recordValue(Math.max(1, (after - now) / 1000));
      now = after;
    }
    return h;
  }

  private static Connection connect(Target target, boolean prepared) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", "app");
    login.setProperty("password", "app");
    Connection c =
        new Driver()
            .connect(
                "jdbc:mysql://127.0.0.1:"
                    + target.port()
                    + "/bench?sslMode=DISABLED&allowPublicKeyRetrieval=true&useServerPrepStmts="
                    + prepared,
                login);
    if (c == null) {
      throw new SQLException("the driver does not know this URL");
    }
    return c;
  }
}

package io.crossfade.bench.mirror;

import com.mysql.cj.jdbc.Driver;
import io.crossfade.bench.lab.Dataset;
import io.crossfade.bench.load.DataShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/** Connections that change rows of the benchmark's table at a steady rate. Thread-safe. */
final class Writers {
  private static final int EACH = 100;
  private static final int MOST = 32;
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final ConcurrentHistogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
  private final AtomicLong errors = new AtomicLong();
  private final int port;
  private final DataShape shape;

  Writers(int port, DataShape shape) {
    this.port = port;
    this.shape = shape;
  }

  /** A connection of the application's. */
  static Connection connect(int port) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", "app");
    login.setProperty("password", "app");
    String url =
        "jdbc:mysql://127.0.0.1:%d/%s?allowPublicKeyRetrieval=true&sslMode=DISABLED"
            .formatted(port, Dataset.SCHEMA);
    Connection connection = new Driver().connect(url, login);
    if (connection == null) {
      throw new SQLException("the driver does not take " + url);
    }
    return connection;
  }

  /** An UPDATE of one row by its key. */
  static String byKey(SplittableRandom random, DataShape shape) {
    long user = DataShape.FIRST_SHORT + random.nextInt(shape.shortLists());
    long follower = DataShape.follower(random.nextInt(shape.size(user)));
    return "UPDATE follower SET status=%d WHERE user_id=%d AND follower_id=%d"
        .formatted(random.nextInt(3), user, follower);
  }

  /** Writes {@code perSecond} rows a second for {@code seconds}; blocks. */
  void run(int perSecond, double seconds) throws InterruptedException {
    int threads = Math.max(1, Math.min(MOST, perSecond / EACH));
    List<Thread> all = new ArrayList<>();
    long begin = System.nanoTime();
    long interval = TimeUnit.SECONDS.toNanos(1) * threads / perSecond;
    for (int i = 0; i < threads; i++) {
      long first = begin + interval * i / threads;
      SplittableRandom random = new SplittableRandom(i);
      long end = begin + (long) (seconds * 1e9);
      Thread thread = new Thread(() -> write(random, first, interval, end), "writer-" + i);
      thread.setDaemon(true);
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
  }

  private void write(SplittableRandom random, long first, long interval, long end) {
    try (Connection connection = connect(port);
        Statement statement = connection.createStatement()) {
      for (long at = first; at < end && System.nanoTime() < end; at += interval) {
        long wait = at - System.nanoTime();
        if (wait > 0) {
          TimeUnit.NANOSECONDS.sleep(wait);
        }
        long from = System.nanoTime();
        try {
          statement.executeUpdate(byKey(random, shape));
          micros.recordValue(
              Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - from)));
        } catch (SQLException e) {
          errors.incrementAndGet();
        }
      }
    } catch (SQLException e) {
      errors.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Statements that succeeded. */
  long done() {
    return micros.getTotalCount();
  }

  /** Statements, or connections, that failed. */
  long errors() {
    return errors.get();
  }

  /** The 99th percentile of a statement, milliseconds. */
  double p99Millis() {
    return micros.getValueAtPercentile(99) / 1e3;
  }
}

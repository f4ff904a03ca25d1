package io.crossfade.bench.mirror;

import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.lab.Lab;
import io.crossfade.bench.lab.RunningTarget;
import io.crossfade.bench.load.DataShape;
import io.crossfade.bench.report.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** The measurements, one after the other; each leaves the mirror clean but the last. Blocks. */
final class MirrorRun {
  private static final Duration CLEAN_LIMIT = Duration.ofHours(2);
  private static final int ROWS_A_STATEMENT = 500;
  private static final int ROWS_A_LIST = 100;
  private static final long FIRST_NEW_USER = 50_000_000;
  private static final int WARM_UP_SECONDS = 10;
  private static final int WARM_UP_RATE = 300;

  private final Lab lab;
  private final DataShape shape;
  private final RunningTarget direct;
  private final RunningTarget watched;
  private final MirrorView mirror;

  MirrorRun(Lab lab, DataShape shape) {
    this.lab = lab;
    this.shape = shape;
    this.direct = target(Kind.DIRECT);
    this.watched = target(Kind.WATCHED);
    this.mirror = new MirrorView(watched.admin().orElseThrow());
  }

  private RunningTarget target(Kind kind) {
    return lab.targets().stream().filter(t -> t.kind() == kind).findFirst().orElseThrow();
  }

  /** A JVM is slow until its code is compiled. */
  void warmUp() throws IOException, InterruptedException {
    new Writers(watched.port(), shape).run(WARM_UP_RATE, WARM_UP_SECONDS);
    mirror.awaitClean(CLEAN_LIMIT);
  }

  /** Throughput and lag at one rate of writes. */
  Rate rate(int perSecond, int seconds) throws IOException, InterruptedException {
    Writers writers = new Writers(watched.port(), shape);
    Thread writing = writing(writers, perSecond, seconds);
    long before = mirror.written();
    long from = System.nanoTime();
    writing.start();
    Histogram lag = mirror.lagWhile(writing);
    double elapsed = (System.nanoTime() - from) / 1e9;
    long written = mirror.written() - before;
    double drain = mirror.awaitClean(CLEAN_LIMIT);
    return new Rate(
        perSecond,
        writers.done() / elapsed,
        written / elapsed,
        lag.getValueAtPercentile(50),
        lag.getValueAtPercentile(99),
        drain);
  }

  private static Thread writing(Writers writers, int perSecond, double seconds) {
    Thread thread =
        new Thread(
            () -> {
              try {
                writers.run(perSecond, seconds);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "writing");
    thread.setDaemon(true);
    return thread;
  }

  /** HBase is killed, the application goes on, HBase comes back. */
  CatchUp outage(double seconds, int perSecond) throws IOException, InterruptedException {
    lab.hbase().kill9();
    long from = System.nanoTime();
    Writers writers = new Writers(watched.port(), shape);
    writers.run(perSecond, seconds);
    long dirty = mirror.dirtyKeys();
    double down = (System.nanoTime() - from) / 1e9;
    lab.hbase().restart();
    double clean = mirror.awaitClean(CLEAN_LIMIT);
    return new CatchUp(down, writers.done(), writers.p99Millis(), writers.errors(), dirty, clean);
  }

  /** Memory and disk of {@code keys} dirty keys, while HBase is down. */
  Footprint footprint(int keys) throws IOException, InterruptedException, SQLException {
    Path dirty = lab.dataDirectory(Kind.WATCHED);
    lab.hbase().kill9();
    double heapBefore = heap();
    long diskBefore = size(dirty);
    insert(keys);
    Footprint footprint =
        new Footprint(mirror.dirtyKeys(), heap() - heapBefore, size(dirty) - diskBefore);
    lab.hbase().restart();
    mirror.awaitClean(CLEAN_LIMIT);
    return footprint;
  }

  private double heap() throws IOException, InterruptedException {
    return watched.probe().orElseThrow().collectAndRead().heap();
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void insert(int keys) throws SQLException {
    try (Connection connection = Writers.connect(watched.port());
        Statement statement = connection.createStatement()) {
      for (int from = 0; from < keys; from += ROWS_A_STATEMENT) {
        StringBuilder sql =
            new StringBuilder("INSERT INTO follower (user_id, follower_id, status) VALUES ");
        for (int i = from; i < Math.min(keys, from + ROWS_A_STATEMENT); i++) {
          sql.append(i == from ? "(" : ",(")
              .append(FIRST_NEW_USER + i / ROWS_A_LIST)
              .append(',')
              .append(i)
              .append(",1)");
        }
        statement.executeUpdate(sql.toString());
      }
    }
  }

  /** What is executed again and again on one connection. */
  @FunctionalInterface
  private interface Statements {
    void execute(Statement statement, SplittableRandom random) throws SQLException;
  }

  /** What each class of statements costs; leaves dirty ranges behind. */
  List<Overhead> overheads(int rounds, double seconds) throws SQLException {
    return List.of(
        overhead(
            "exact: UPDATE by primary key, autocommit",
            rounds,
            seconds,
            (s, random) -> s.executeUpdate(Writers.byKey(random, shape))),
        overhead(
            "asked where it can be: UPDATE by list and condition, in a transaction",
            rounds,
            seconds,
            (s, random) -> {
              s.execute("START TRANSACTION");
              s.executeUpdate(byCondition(random));
              s.execute("COMMIT");
            }),
        overhead(
            "range: UPDATE by list and condition, autocommit",
            rounds,
            seconds,
            (s, random) -> s.executeUpdate(byCondition(random))));
  }

  private String byCondition(SplittableRandom random) {
    return "UPDATE follower SET status=%d WHERE user_id=%d AND status<>7"
        .formatted(random.nextInt(3), DataShape.FIRST_SHORT + random.nextInt(shape.shortLists()));
  }

  private Overhead overhead(String name, int rounds, double seconds, Statements statements)
      throws SQLException {
    List<Double> directly = new ArrayList<>();
    List<Double> proxied = new ArrayList<>();
    try (Connection one = Writers.connect(direct.port());
        Connection two = Writers.connect(watched.port())) {
      perSecond(two, seconds, statements, -1);
      for (int round = 0; round < rounds; round++) {
        directly.add(perSecond(one, seconds, statements, round));
        proxied.add(perSecond(two, seconds, statements, round));
      }
    }
    return new Overhead(
        name,
        Statistics.median(directly).orElse(0),
        Statistics.medianRatio(proxied, directly, 0).orElse(0));
  }

  private static double perSecond(
      Connection connection, double seconds, Statements statements, int round) throws SQLException {
    SplittableRandom random = new SplittableRandom(round);
    long done = 0;
    long from = System.nanoTime();
    long end = from + (long) (seconds * 1e9);
    try (Statement statement = connection.createStatement()) {
      while (System.nanoTime() < end) {
        statements.execute(statement, random);
        done++;
      }
    }
    return done * 1e9 / (System.nanoTime() - from);
  }
}

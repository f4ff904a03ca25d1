package io.crossfade.dualwrite.reconcile;

import io.crossfade.api.mapping.TableMapping;
import io.crossfade.dualwrite.hbase.Corrections;
import io.crossfade.dualwrite.hbase.HBaseLink;
import io.crossfade.dualwrite.hbase.LeftoverScan;
import io.crossfade.dualwrite.mirror.Brake;
import io.crossfade.dualwrite.mirror.Lane;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Removes from one HBase table, now and then, what no write needs any more: soft deletions older
 * than the retention, and order rows of a tall table that no item uses.
 *
 * <p>Nothing may be removed whose version a write on its way could still meet. So a version is
 * taken first, and only what is not above it is removed, once every write with such a version has
 * been sent (while it was young) and has landed: however MySQL's clock may have jumped meanwhile.
 */
public final class Sweeper {
  private static final Duration LEAST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(6);
  private static final int ROUNDS_PER_RETENTION = 8;

  private final Lane lane;
  private final HBaseLink link;
  private final Throttle throttle;
  private final Duration settle;
  private final Duration retention;
  private @Nullable Thread thread;

  /**
   * @param throttle how many cells a second are looked at
   * @param settle after which no write with a version taken before can land: the age at which
   *     versions are too old to be sent, and the write lifetime
   * @param retention how long soft deletions are kept
   */
  public Sweeper(
      Lane lane, HBaseLink link, Throttle throttle, Duration settle, Duration retention) {
    this.lane = lane;
    this.link = link;
    this.throttle = throttle;
    this.settle = settle;
    this.retention = retention;
  }

  /** Starts the thread. */
  public synchronized void start() {
    Thread runner = new Thread(this::run, "sweeper-" + lane.table());
    runner.setDaemon(true);
    thread = runner;
    runner.start();
  }

  private void run() {
    try {
      while (lane.health().awaitReady()) {
        try {
          round();
        } catch (SQLException | IOException | RuntimeException e) {
          lane.notice().abnormal("sweep-failed", 1, "a sweep failed and is begun again: " + e);
        }
        TimeUnit.NANOSECONDS.sleep(pause().toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration pause() {
    Duration wanted = retention.dividedBy(ROUNDS_PER_RETENTION);
    Duration atLeast = wanted.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : wanted;
    return atLeast.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : atLeast;
  }

  /** One sweep over the whole table; blocks for longer than writes may take to land. */
  void round() throws SQLException, IOException, InterruptedException {
    long settled = clock();
    TimeUnit.NANOSECONDS.sleep(settle.toNanos());
    long old = Math.min(settled, clock() - retention.toMillis());
    TableMapping mapping = lane.mapping();
    Corrections corrections = new Corrections(link, mapping);
    try (LeftoverScan scan = new LeftoverScan(link, mapping, old, settled)) {
      LeftoverScan.Piece piece;
      while ((piece = scan.next()) != null && !lane.health().stopped()) {
        throttle.spend(piece.cells());
        long from = System.nanoTime();
        for (LeftoverScan.Deletion deletion : piece.deletions()) {
          boolean purged = corrections.purge(deletion.key(), deletion.version());
          lane.notice().count(purged ? "purged" : "purge-refused", 1);
        }
        lane.notice().count("order-orphans", corrections.orphans(piece.orderRows()));
        long took = System.nanoTime() - from;
        TimeUnit.NANOSECONDS.sleep(
            lane.brake().pauseNanos(Brake.Work.BULK, took, LEAST_PAUSE.toNanos()));
      }
    }
    lane.notice().count("sweeps", 1);
  }

  private long clock() throws SQLException, IOException, InterruptedException {
    return lane.read((reader, connection) -> Map.of()).version();
  }

  /** Ends the thread. */
  public void stop(Duration limit) throws InterruptedException {
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      running.interrupt();
      running.join(Math.max(1, limit.toMillis()));
    }
  }
}

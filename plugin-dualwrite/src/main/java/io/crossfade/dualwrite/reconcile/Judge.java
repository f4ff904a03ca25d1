package io.crossfade.dualwrite.reconcile;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.plugin.MirrorState.Ticket;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.hbase.ItemReader.Compared;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.reconcile.Job.Count;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Tells lag from real differences: a key that looked different is read again on both sides while it
 * is clean, and was not marked in between. Thread-safe; blocks.
 */
final class Judge {
  private static final int MANY = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 100;

  private final Lane lane;
  private final DirtyStore store;
  private final Job job;

  Judge(Lane lane, DirtyStore store, Job job) {
    this.lane = lane;
    this.store = store;
    this.job = job;
  }

  /** Judges those that can be judged now; waits only when there are very many. */
  synchronized void settle() throws SQLException, IOException, InterruptedException {
    round();
    if (job.suspects().size() > MANY) {
      finish();
    }
  }

  /** Waits, within limits, until all can be judged. */
  synchronized void finish() throws SQLException, IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    round();
    while (!job.suspects().isEmpty() && System.nanoTime() < deadline && !job.cancelled()) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      round();
    }
    List<Key> left = job.suspects();
    if (!job.cancelled()) {
      job.add(Count.UNRESOLVED, left.size());
      lane.notice()
          .abnormal("unresolved", left.size(), "keys stayed dirty too long to be verified");
      left.forEach(job::judged);
    }
  }

  private void round() throws SQLException, IOException, InterruptedException {
    for (Key key : job.suspects()) {
      Optional<Ticket> ticket = store.clean(lane.table(), List.of(KeyRange.of(key)));
      if (ticket.isEmpty()) {
        continue;
      }
      if (right(key)) {
        job.add(Count.LAG, 1);
        job.judged(key);
      } else if (store.stillClean(ticket.get())) {
        job.differs(key);
        job.judged(key);
      }
    }
  }

  private boolean right(Key key) throws SQLException, IOException, InterruptedException {
    Row row =
        lane.read((reader, connection) -> reader.rows(connection, List.of(key))).rows().get(key);
    if (row == null) {
      return lane.items().items(List.of(key)).values().stream().noneMatch(item -> item.live());
    }
    return lane.items().compare(Map.of(key, row)).values().stream().allMatch(Compared::right);
  }
}

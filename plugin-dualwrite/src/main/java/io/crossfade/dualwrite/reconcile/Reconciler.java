package io.crossfade.dualwrite.reconcile;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.hbase.Corrections;
import io.crossfade.dualwrite.hbase.HBaseLink;
import io.crossfade.dualwrite.hbase.ItemScan;
import io.crossfade.dualwrite.mirror.Brake;
import io.crossfade.dualwrite.mirror.Brake.Work;
import io.crossfade.dualwrite.mirror.Failure;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.reconcile.Job.State;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs on one table: both sweeps over each part, chunk by chunk, through outages of either
 * side. Thread-safe; {@link #run} blocks until the job is over.
 */
public final class Reconciler {
  private static final int ROWS_WORTH_SPLITTING = 20_000;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Lane lane;
  private final HBaseLink link;
  private final DirtyStore store;
  private final Settings settings;

  /**
   * Rates, asked again for each chunk.
   *
   * @param chunk rows compared at a time
   * @param parallel parts worked on at once
   * @param throttle the common rate
   * @param retention how long soft deletions are kept
   */
  public record Settings(
      IntSupplier chunk, IntSupplier parallel, Throttle throttle, Duration retention) {}

  public Reconciler(Lane lane, HBaseLink link, DirtyStore store, Settings settings) {
    this.lane = lane;
    this.link = link;
    this.store = store;
    this.settings = settings;
  }

  /** The whole table as a few ranges of about equal size. */
  public List<KeyRange> split(long estimatedRows)
      throws SQLException, IOException, InterruptedException {
    int count =
        (int) Math.min(settings.parallel().getAsInt(), estimatedRows / ROWS_WORTH_SPLITTING);
    List<KeyRange> ranges = new ArrayList<>();
    byte[] from = {};
    for (int i = 1; i < count; i++) {
      long offset = estimatedRows * i / count;
      for (Key key :
          lane.read((reader, connection) -> reader.at(connection, offset)).rows().keySet()) {
        if (new KeyRange(from, new byte[0]).contains(key) && key.bytes().length > 0) {
          ranges.add(new KeyRange(from, key.bytes()));
          from = key.bytes();
        }
      }
    }
    ranges.add(new KeyRange(from, new byte[0]));
    return ranges;
  }

  /**
   * Runs {@code job} from where it stands to its end, its cancellation, or until the lane stops
   * (then it is still running, to be resumed by the next life).
   *
   * @param save called after each chunk, to keep the job
   */
  public void run(Job job, Runnable save) throws InterruptedException {
    Judge judge = new Judge(lane, store, job);
    inParallel(job.parts(), part -> sweepMySql(job, part, judge, save));
    if (job.parts().stream().allMatch(part -> part.swept)) {
      List<Part> whole = job.parts().stream().filter(part -> list(part) == null).toList();
      List<Part> scans = new ArrayList<>(job.parts());
      scans.removeAll(whole.subList(Math.min(1, whole.size()), whole.size()));
      inParallel(scans, part -> sweepHBase(job, part, whole, judge, save));
    }
    boolean done = job.parts().stream().allMatch(part -> part.done);
    while (done && !job.suspects().isEmpty() && goOn(job)) {
      attempt(judge::finish);
    }
    if (done && job.suspects().isEmpty()) {
      job.finish(State.DONE);
    } else if (job.cancelled()) {
      job.finish(State.CANCELLED);
    }
    save.run();
  }

  private byte @Nullable [] list(Part part) {
    return lane.mapping().listOf(part.range).orElse(null);
  }

  /** What is done with one part. */
  @FunctionalInterface
  private interface PartWork {
    void on(Part part) throws InterruptedException;
  }

  private void inParallel(List<Part> parts, PartWork work) throws InterruptedException {
    Queue<Part> queue = new ConcurrentLinkedQueue<>(parts);
    int threads = Math.min(settings.parallel().getAsInt(), parts.size());
    List<Thread> helpers = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      Thread helper = new Thread(() -> drain(queue, work), "reconcile-" + lane.table() + "-" + i);
      helper.setDaemon(true);
      helper.start();
      helpers.add(helper);
    }
    try {
      drain(queue, work);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      for (Thread helper : helpers) {
        helper.join();
      }
    } finally {
      helpers.forEach(Thread::interrupt);
    }
  }

  private static void drain(Queue<Part> queue, PartWork work) {
    try {
      Part part;
      while ((part = queue.poll()) != null) {
        work.on(part);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean goOn(Job job) throws InterruptedException {
    return !job.cancelled() && lane.health().awaitReady() && !job.cancelled();
  }

  private void sweepMySql(Job job, Part part, Judge judge, Runnable save)
      throws InterruptedException {
    MySqlSweep sweep = new MySqlSweep(lane, job, new Outcome(lane, store, job));
    while (!part.swept && goOn(job)) {
      attempt(
          () -> {
            paced(job, () -> sweep.chunk(part, settings.chunk().getAsInt()));
            judge.settle();
            save.run();
          });
    }
  }

  /** Parts that lie in no one list share the scan of the whole table. */
  private void sweepHBase(Job job, Part part, List<Part> whole, Judge judge, Runnable save)
      throws InterruptedException {
    byte @Nullable [] list = list(part);
    Predicate<Key> wanted =
        list != null
            ? part.range::contains
            : key -> whole.stream().anyMatch(w -> w.range.contains(key));
    Corrections corrections = new Corrections(link, lane.mapping());
    Outcome outcome = new Outcome(lane, store, job);
    HBaseSweep sweep =
        new HBaseSweep(lane, corrections, wanted, job, settings.retention(), outcome);
    while (!part.done && goOn(job)) {
      attempt(
          () -> {
            try (ItemScan scan = new ItemScan(link, lane.mapping(), list, part.scanned)) {
              while (!part.done && goOn(job)) {
                paced(job, () -> sweep.chunk(part, scan, settings.chunk().getAsInt()));
                judge.settle();
                save.run();
              }
            }
          });
    }
    if (part.done && list == null) {
      whole.forEach(w -> job.scanned(w, part.scanned, true));
    }
  }

  /** A chunk of work; says how many rows it had. */
  @FunctionalInterface
  private interface Chunk {
    int run() throws SQLException, IOException, InterruptedException;
  }

  /** Runs {@code chunk}, then waits for the rate, and as long as MySQL and HBase need. */
  private void paced(Job job, Chunk chunk) throws SQLException, IOException, InterruptedException {
    long from = System.nanoTime();
    int rows = chunk.run();
    // A dirty range is the mirror's own work: live changes wait for it.
    Work work = job.mode() == Mode.REWRITE ? Work.MIRROR : Work.BULK;
    long pause = lane.brake().pauseNanos(work, System.nanoTime() - from, LONGEST_PAUSE.toNanos());
    settings.throttle().spend(rows);
    TimeUnit.NANOSECONDS.sleep(pause);
  }

  /** Something that may fail for a while. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws SQLException, IOException, InterruptedException;
  }

  private void attempt(Attempt attempt) throws InterruptedException {
    try {
      attempt.run();
    } catch (SQLException | IOException | RuntimeException e) {
      lane.notice().abnormal("reconcile-retries", 1, "a chunk failed and is tried again: " + e);
      Failure failure = Failure.of(e);
      if (failure.overload()) {
        lane.brake().signal(Brake.Reason.HBASE_OVERLOADED, "HBase answers: " + failure.reason());
      }
      lane.health().failed(e);
    }
  }
}

package io.crossfade.dualwrite.stage;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.plugin.ReadShare;
import io.crossfade.api.value.SqlValue;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.reconcile.Job;
import io.crossfade.dualwrite.reconcile.Job.Count;
import io.crossfade.dualwrite.reconcile.Job.State;
import io.crossfade.dualwrite.reconcile.Mode;
import io.crossfade.dualwrite.reconcile.Reconciler;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The migration of one table: its stage, the jobs that move it on, and the operator's commands,
 * each refused with the reason where it is not allowed. Thread-safe; commands may block.
 */
public final class Migration {
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** What a job is for. */
  public enum Kind {
    BACKFILL,
    SUBSET,
    VERIFY,
    REPAIR
  }

  private final Lane lane;
  private final DirtyStore store;
  private final Reconciler reconciler;
  private final LongSupplier estimate;
  private final Supplier<Optional<ReadShare>> reads;
  private final Report report;
  private final Retirement retirement;
  private final Progress progress;
  private final Map<Kind, Job> jobs = new EnumMap<>(Kind.class);
  private @Nullable Thread thread;
  private @Nullable Kind active;
  private volatile Runnable onRetired = () -> {};

  /**
   * @param estimate about how many rows the table has
   * @param reads who is asked, before a cleanup, where reads go
   */
  public Migration(
      Lane lane,
      DirtyStore store,
      Reconciler reconciler,
      LongSupplier estimate,
      Supplier<Optional<ReadShare>> reads,
      Report report) {
    this.lane = lane;
    this.store = store;
    this.reconciler = reconciler;
    this.estimate = estimate;
    this.reads = reads;
    this.report = report;
    this.retirement = new Retirement(lane);
    this.progress = new Progress(store, lane.table().toString());
    for (Kind kind : Kind.values()) {
      store.get(name(kind)).map(Job::of).ifPresent(job -> jobs.put(kind, job));
    }
  }

  private String name(Kind kind) {
    return "job/" + lane.table() + "/" + kind;
  }

  /** Goes on with the job that was running when the last life ended. */
  public synchronized void resume() {
    for (Kind kind : Kind.values()) {
      Job job = jobs.get(kind);
      if (job != null && job.state() == State.RUNNING && active == null) {
        launch(kind, job);
      }
    }
  }

  /** The stage. */
  public Stage stage() {
    return progress.stage();
  }

  /** Told once the old table is retired. */
  public void onRetired(Runnable action) {
    onRetired = action;
  }

  // --- commands ---

  /** Copies some lists, or everything when {@code lists} is empty. */
  public synchronized Map<String, Object> backfill(List<String> lists) throws PluginException {
    idle();
    if (progress.stage().proved()) {
      throw new PluginException(
          "the table is verified already; use 'repair', or step 'back' first");
    }
    if (lists.isEmpty()) {
      long rows = estimate.getAsLong();
      start(Kind.BACKFILL, Mode.REPAIR, split(rows), rows, Stage.BACKFILL, false);
    } else {
      List<KeyRange> ranges = new ArrayList<>();
      for (String list : lists) {
        ranges.add(range(list));
      }
      start(Kind.SUBSET, Mode.REPAIR, ranges, 0, Stage.BACKFILL, progress.copied());
    }
    return status();
  }

  /** Compares everything. */
  public synchronized Map<String, Object> verify() throws PluginException {
    idle();
    if (!progress.copied()) {
      throw new PluginException("the whole table must be backfilled before it can be verified");
    }
    Stage stage = progress.stage().proved() ? progress.stage() : Stage.VERIFY;
    long rows = estimate.getAsLong();
    start(Kind.VERIFY, Mode.LOOK, split(rows), rows, stage, true);
    return status();
  }

  /** Writes what differs. */
  public synchronized Map<String, Object> repair() throws PluginException {
    idle();
    if (!progress.copied()) {
      throw new PluginException("there is nothing to repair before the table is backfilled");
    }
    long rows = estimate.getAsLong();
    start(Kind.REPAIR, Mode.REPAIR, split(rows), rows, progress.stage(), true);
    return status();
  }

  /** Ends the running job after the chunk at hand. */
  public synchronized Map<String, Object> cancel() throws PluginException {
    Job job = active == null ? null : jobs.get(active);
    if (job == null) {
      throw new PluginException("no job is running");
    }
    job.cancel();
    return status();
  }

  /**
   * Checks whether the old table is needed any more; if not, reports how to retire it.
   *
   * @return {@code report} and {@code html}: paths of the report; {@code statements}: the SQL that
   *     retires the table
   */
  public synchronized Map<String, Object> cleanup() throws PluginException {
    idle();
    if (progress.stage() != Stage.READ_SWITCH && progress.stage() != Stage.CLEANUP) {
      throw new PluginException(
          "the stage is " + progress.stage().label() + ": cleanup comes after read-switch");
    }
    Job verified = jobs.get(Kind.VERIFY);
    if (verified == null || !verified.proved()) {
      throw new PluginException("the last verification did not prove both sides equal");
    }
    ReadShare share =
        reads
            .get()
            .orElseThrow(
                () ->
                    new PluginException(
                        "the read-switch plugin is not running: who reads where" + " is unknown"));
    double percentage = share.percentage(lane.table());
    if (percentage < 100) {
      throw new PluginException("only " + percentage + " % of the reads are switched to HBase");
    }
    long asked = share.mysqlReadsSince(lane.table(), Instant.now().minus(QUIET));
    if (asked > 0) {
      throw new PluginException(
          "MySQL answered "
              + asked
              + " reads of the table in the last "
              + QUIET.toSeconds()
              + " s");
    }
    progress.move(
        Stage.CLEANUP,
        true,
        "reads at 100 %, verified, no read at MySQL for " + QUIET.toSeconds() + " s");
    report();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("stage", progress.stage().label());
    answer.put("report", report.markdown(lane.table()));
    answer.put("html", report.html(lane.table()));
    answer.put("statements", retirement.statements());
    return answer;
  }

  /** Renames the old table; ordered again, drops it. */
  public synchronized Map<String, Object> retire(String confirm) throws PluginException {
    idle();
    if (!confirm.equals(lane.table().toString())) {
      throw new PluginException("say confirm=" + lane.table() + " to retire that table");
    }
    try {
      if (progress.stage() == Stage.CLEANUP) {
        retirement.rename();
        progress.move(Stage.RETIRED, true, "renamed the old table: " + retirement.renameSql());
        onRetired.run();
      } else if (progress.stage() == Stage.RETIRED) {
        retirement.drop();
        progress.note("dropped the old table: " + retirement.dropSql());
      } else {
        throw new PluginException(
            "the stage is " + progress.stage().label() + ": 'cleanup' must have passed");
      }
    } catch (SQLException e) {
      throw new PluginException(
          "MySQL refused ("
              + e.getMessage()
              + "); run it with an account that may: "
              + (progress.stage() == Stage.CLEANUP ? retirement.renameSql() : retirement.dropSql()),
          e);
    }
    report();
    return status();
  }

  /** One stage back. */
  public synchronized Map<String, Object> back() throws PluginException {
    idle();
    switch (progress.stage()) {
      case DUAL_WRITE -> throw new PluginException("this is the first stage");
      case BACKFILL -> progress.move(Stage.DUAL_WRITE, false, "stepped back");
      case VERIFY -> progress.move(Stage.BACKFILL, progress.copied(), "stepped back");
      case READ_SWITCH -> progress.move(Stage.VERIFY, true, "stepped back");
      case CLEANUP -> progress.move(Stage.READ_SWITCH, true, "stepped back");
      case RETIRED ->
          throw new PluginException(
              "the old table is retired; undo it by hand ("
                  + retirement.undoSql()
                  + ") and start"
                  + " again at dual-write");
    }
    return status();
  }

  /** Something was lost for the mirror: the history must be copied again. */
  public synchronized void distrust(String why) {
    if (progress.stage() != Stage.DUAL_WRITE && progress.stage() != Stage.RETIRED) {
      progress.move(Stage.BACKFILL, false, why);
    }
  }

  /** Notes for the report what happened to the table. */
  public synchronized void noted(String what) {
    progress.note(what);
  }

  // --- jobs ---

  private void idle() throws PluginException {
    if (active != null) {
      throw new PluginException(
          active.name().toLowerCase(Locale.ROOT) + " is running; wait for it or 'cancel' it");
    }
  }

  private List<KeyRange> split(long rows) throws PluginException {
    try {
      return reconciler.split(rows);
    } catch (SQLException | IOException e) {
      throw new PluginException("cannot split the table into ranges now: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginException("interrupted", e);
    }
  }

  private KeyRange range(String list) throws PluginException {
    List<SqlValue> values = new ArrayList<>();
    for (String part : list.split("\\|", -1)) {
      values.add(
          SqlValue.of(part.matches("-?\\d+") ? SqlValue.Form.INTEGER : SqlValue.Form.STRING, part));
    }
    return lane.mapping()
        .prefix(values)
        .orElseThrow(() -> new PluginException("'" + list + "' is not a list key of the table"));
  }

  private void start(
      Kind kind, Mode mode, List<KeyRange> ranges, long rows, Stage stage, boolean copied) {
    if (stage != progress.stage() || copied != progress.copied()) {
      progress.move(stage, copied, kind.name().toLowerCase(Locale.ROOT) + " begins");
    }
    Job job = new Job(mode, ranges, rows);
    jobs.put(kind, job);
    store.put(name(kind), job.toBytes());
    launch(kind, job);
  }

  private void launch(Kind kind, Job job) {
    active = kind;
    Thread runner = new Thread(() -> run(kind, job), "reconcile-" + lane.table());
    runner.setDaemon(true);
    thread = runner;
    runner.start();
  }

  private void run(Kind kind, Job job) {
    try {
      reconciler.run(job, () -> store.put(name(kind), job.toBytes()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      lane.notice().incident("job-failed", kind + " ended: " + e);
    } finally {
      ended(kind, job);
    }
  }

  private synchronized void ended(Kind kind, Job job) {
    active = null;
    if (job.state() != State.DONE) {
      return;
    }
    String found =
        kind.name().toLowerCase(Locale.ROOT)
            + " done: "
            + job.count(Count.COMPARED)
            + " compared, "
            + job.count(Count.DIFFERING)
            + " differing";
    switch (kind) {
      case BACKFILL -> progress.move(Stage.BACKFILL, true, found);
      case SUBSET, REPAIR -> progress.note(found);
      case VERIFY -> verified(job, found);
    }
  }

  private void verified(Job job, String found) {
    if (!job.proved()) {
      progress.move(Stage.VERIFY, true, found + "; not equal");
      lane.notice().incident("differs", found);
    } else if (!progress.stage().proved()) {
      progress.move(Stage.READ_SWITCH, true, found + "; proved equal");
    } else {
      progress.note(found + "; proved equal");
    }
  }

  /** Lets the job at hand stop after its chunk; it goes on in the next life. */
  public void stop(Duration limit) throws InterruptedException {
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      running.join(Math.max(1, limit.toMillis()));
      if (running.isAlive()) {
        running.interrupt();
      }
    }
  }

  // --- status ---

  private void report() {
    try {
      report.write(lane, progress, jobs, retirement);
    } catch (IOException e) {
      lane.notice().abnormal("report-failed", 1, "the report could not be written: " + e);
    }
  }

  /** Stage, jobs and findings. */
  public synchronized Map<String, Object> status() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("stage", progress.stage().label());
    List<String> stages = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      stages.add(stage.label());
    }
    map.put("stages", stages);
    map.put("copied", progress.copied());
    map.put("job", active == null ? "" : active.name().toLowerCase(Locale.ROOT));
    for (Kind kind : Kind.values()) {
      Job job = jobs.get(kind);
      map.put(
          kind.name().toLowerCase(Locale.ROOT),
          job == null ? Map.of("state", "none") : job.report());
    }
    map.put("history", progress.history());
    map.put("reports", report.paths(lane.table()));
    return map;
  }
}

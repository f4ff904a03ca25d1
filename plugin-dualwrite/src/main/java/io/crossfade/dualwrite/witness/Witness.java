package io.crossfade.dualwrite.witness;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.capture.Announcements;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.DirtyStoreException;
import io.crossfade.dualwrite.dirty.SessionId;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.mysql.Look;
import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.dualwrite.mysql.Primary;
import io.crossfade.dualwrite.mysql.SchemaReader;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The binlog witness of one proxy: one connection to the binlog, followed from a durable position.
 * Thread-safe; works on threads of its own, so that a MySQL that is gone, slow or has thrown its
 * binlog away costs the application nothing.
 */
public final class Witness implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Witness.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** How often it is asked where the binlog ends while ranges wait for their keys. */
  private static final Duration HURRY = Duration.ofMillis(100);

  private static final Duration LATE = Duration.ofSeconds(2);
  private static final Duration DURABLE_LIMIT = Duration.ofSeconds(30);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);
  private static final Duration DRAIN_STEP = Duration.ofMillis(10);
  private static final Duration STOP_STEP = Duration.ofMillis(200);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final long CONNECTION_ID_BITS = 0xFFFF_FFFFL;

  /**
   * ER_MASTER_FATAL_ERROR_READING_BINLOG: whatever is wrong with the position, and one thing more.
   */
  private static final int NO_SUCH_POSITION = 1236;

  private static final String SAME_ID = "same server_uuid/server_id";

  private final Settings settings;
  private final MySqlPool pool;
  private final Primary primary;
  private final DirtyStore store;
  private final List<Lane> lanes;
  private final Map<TableName, TableWitness> tables = new LinkedHashMap<>();
  private final Map<TableName, RowImages> images = new ConcurrentHashMap<>();
  private final Announced announced;
  private final Authors authors;
  private final Bookmark bookmark;
  private final Set<SessionId> former = new HashSet<>();
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(2, Witness::timer);
  private final Thread reader = new Thread(this::run, "witness");
  private final CountDownLatch over = new CountDownLatch(1);

  private @Nullable Position startedAt;

  /** How far the last connection has come; null when only what is durable counts. */
  private @Nullable Position come;

  private long waitMillis = FIRST_WAIT.toMillis();
  private volatile @Nullable Following following;
  private volatile @Nullable Horizon horizon;
  private volatile boolean reading;
  private volatile boolean rewind;
  private volatile boolean stopped;

  /**
   * How to read the binlog.
   *
   * @param address where MySQL is
   * @param user an account with REPLICATION SLAVE and REPLICATION CLIENT
   * @param password its password
   * @param serverId what the witness calls itself among the server's replicas
   * @param announcements keys and ranges remembered until the binlog shows them
   */
  public record Settings(
      InetSocketAddress address, String user, String password, long serverId, int announcements) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Settings[address=" + address + ", user=" + user + ", serverId=" + serverId + "]";
    }
  }

  /** One connection to the binlog and what follows it. */
  private record Following(
      Server.State server, Flow flow, Verdicts verdicts, Marker marker, Tail tail) {}

  /** Everything committed before {@code nanos} stands before {@code end}. */
  private record Horizon(long nanos, Position end) {}

  private static Thread timer(Runnable task) {
    Thread thread = new Thread(task, "witness-timer");
    thread.setDaemon(true);
    return thread;
  }

  /** For the tables of {@code lanes}; {@link #start} begins. */
  public Witness(
      Settings settings,
      MySqlPool pool,
      Primary primary,
      DirtyStore store,
      Collection<Lane> lanes,
      MeterRegistry meters) {
    this.settings = settings;
    this.pool = pool;
    this.primary = primary;
    this.store = store;
    this.lanes = List.copyOf(lanes);
    this.authors = new Authors(pool, message -> abnormal("witness-unasked", message));
    this.bookmark = new Bookmark(store, pool, this.lanes, this::whole, this::abnormal);
    for (Lane lane : lanes) {
      tables.put(lane.table(), new TableWitness(lane.table(), lane.notice(), meters));
      images.put(lane.table(), new RowImages(lane.mapping()));
    }
    this.announced =
        new Announced(
            settings.announcements(),
            tables.keySet(),
            () ->
                abnormal(
                    "witness-forgotten", "more was announced than witness.announcements keeps"));
    for (SessionId session : store.undecided()) {
      former.add(new SessionId(session.serverUuid(), session.connectionId() & CONNECTION_ID_BITS));
    }
    Gauge.builder("crossfade.witness.lag", this, w -> w.lagMillis() / 1e3)
        .description("How far the witness is behind the end of the binlog, seconds")
        .register(meters);
    Gauge.builder("crossfade.witness.reading", this, w -> w.reading ? 1 : 0)
        .description("Whether the witness reads the binlog now")
        .register(meters);
    Gauge.builder("crossfade.witness.announcements", announced, Announced::size)
        .description("Keys and ranges announced that the binlog has not shown yet")
        .register(meters);
  }

  /** What speaks against a witness on this server; each line names what to do. */
  public static List<String> problems(Connection connection) throws SQLException {
    List<String> problems = new ArrayList<>();
    Server.check(connection, problems);
    return problems;
  }

  /**
   * Begins to read; before the proxy has any session.
   *
   * @throws SQLException when MySQL does not say where its binlog ends
   */
  public void start() throws SQLException, IOException, InterruptedException {
    Server.State now = pool.with(Server::state);
    startedAt = now.end();
    bookmark.begin(now.end());
    reader.setDaemon(true);
    reader.start();
    timer.scheduleWithFixedDelay(
        guarded(this::checkpoint), POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(guarded(this::look), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(
        guarded(this::hurry), HURRY.toMillis(), HURRY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Who must hear of what the proxy's sessions mark. */
  public Announcements announcements() {
    return announced;
  }

  // --- reading ---

  private void run() {
    while (!stopped) {
      try {
        follow();
      } catch (InterruptedException e) {
        return;
      } catch (ServerException e) {
        refused(e);
      } catch (SQLException | IOException | RuntimeException e) {
        abnormal("witness-retries", "the binlog is not read, it is tried again: " + e);
      }
      reading = false;
      announced.notReading();
      pause();
    }
  }

  private void follow() throws SQLException, IOException, InterruptedException {
    Following last = following;
    if (last != null) {
      come = rewind ? null : last.flow().position();
      following = null;
    }
    Server.State server = server();
    Position from = bookmark.from(server, come);
    Cascades cascades = pool.with(connection -> Cascades.read(connection, tables.keySet()));
    authors.forget();
    Marker marker = new Marker(store, this::whole);
    Position start = startedAt;
    Verdicts verdicts =
        new Verdicts(
            tables,
            announced,
            new Verdicts.Former(former, start == null ? from : start),
            marker,
            this::accuse);
    verdicts.cascades(cascades);
    Flow flow = new Flow(server, from, images, verdicts);
    Tail tail =
        new Tail(
            settings.address(),
            settings.user(),
            settings.password(),
            settings.serverId(),
            from,
            flow,
            new Troubles(verdicts));
    rewind = false;
    horizon = null;
    following = new Following(server, flow, verdicts, marker, tail);
    if (!stopped) {
      tail.run();
    }
  }

  private Server.State server() throws SQLException, IOException, InterruptedException {
    return pool.with(
        connection -> {
          primary.check(Look.at(connection));
          return Server.state(connection);
        });
  }

  private void refused(ServerException e) {
    if (e.getErrorCode() != NO_SUCH_POSITION) {
      abnormal("witness-retries", "the binlog is not read, it is tried again: " + e.getMessage());
    } else if (String.valueOf(e.getMessage()).contains(SAME_ID)) {
      abnormal(
          "witness-server-id",
          "a replica or another witness has the same id; set witness.server-id: " + e.getMessage());
    } else {
      try {
        following = null; // whose position must not be kept after this one
        come = null;
        bookmark.gap("purged", server());
      } catch (SQLException | IOException | RuntimeException failed) {
        abnormal("witness-retries", "the binlog is not read, it is tried again: " + failed);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void pause() {
    try {
      over.await(waitMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    waitMillis = Math.min(2 * waitMillis, LONGEST_WAIT.toMillis());
  }

  private final class Troubles implements Tail.Troubles {
    private final Verdicts verdicts;

    Troubles(Verdicts verdicts) {
      this.verdicts = verdicts;
    }

    @Override
    public void unreadable(Exception cause) {
      abnormal("witness-unreadable-events", "an event could not be read: " + cause);
      verdicts.everything("unreadable-event");
    }

    @Override
    public void reading() {
      reading = true;
      announced.reading();
      waitMillis = FIRST_WAIT.toMillis(); // on the thread that pauses
    }
  }

  // --- who it was ---

  private void accuse(TableName table, SessionId session, long count, boolean own) {
    try {
      timer.execute(guarded(() -> name(table, session, count, own)));
    } catch (RejectedExecutionException e) {
      witness(table).bypassed(Authors.UNKNOWN, session.connectionId(), count, own);
    }
  }

  private void name(TableName table, SessionId session, long count, boolean own) {
    Following now = following;
    String who = now == null ? Authors.UNKNOWN : authors.who(now.server(), session);
    witness(table).bypassed(who, session.connectionId(), count, own);
  }

  // --- now and then ---

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOGGER
            .atError()
            .setCause(e)
            .log("A periodic task of the witness failed and will be run again");
      }
    };
  }

  /** Keeps the position, once everything before it is durable. */
  private void checkpoint() {
    Following now = following;
    if (now == null || rewind) {
      return;
    }
    passed(now);
    Position position = now.flow().position(); // before the marks are asked for: they cover it
    if (bookmark.isAt(position)) {
      return;
    }
    CompletableFuture<?> marks = now.marker().durable();
    try {
      marks.get(DURABLE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      synchronized (bookmark) {
        if (now.equals(following)) {
          bookmark.keep(position);
        }
      }
    } catch (ExecutionException | TimeoutException | DirtyStoreException e) {
      abnormal("witness-rewinds", "marks are not durable, the binlog is read again: " + e);
      rewind = true;
      now.tail().stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void passed(Following now) {
    Horizon ahead = horizon;
    Position position = now.flow().position();
    if (ahead != null
        && position.serverUuid().equals(ahead.end().serverUuid())
        && position.reached(ahead.end())) {
      announced.passed(ahead.nanos());
      horizon = null;
    }
    announced.late(System.nanoTime() - LATE.toNanos());
  }

  /** Somebody waits for keys. */
  private void hurry() {
    Following now = following;
    if (now == null || !announced.awaited()) {
      return;
    }
    passed(now);
    if (horizon != null || !announced.awaited()) {
      return;
    }
    long nanos = System.nanoTime();
    try {
      pool.with(
          connection -> {
            aim(now, connection, Server.state(connection), nanos);
            return true;
          });
    } catch (SQLException | IOException e) {
      abnormal("witness-unasked", "cannot ask where the binlog ends: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    passed(now);
  }

  /** What was committed before {@code nanos} can be understood, and ends there. */
  private void aim(Following now, Connection connection, Server.State state, long nanos)
      throws SQLException {
    // First: the cascades that carried out what was committed must be those that were reckoned
    // with.
    now.verdicts().cascades(Cascades.read(connection, tables.keySet()));
    if (horizon == null && now.equals(following)) {
      horizon = new Horizon(nanos, state.end());
    }
  }

  /** Looks who is connected, where the binlog ends, and what the tables are like. */
  private void look() {
    Following now = following;
    if (now == null) {
      return;
    }
    long nanos = System.nanoTime();
    try {
      pool.with(
          connection -> {
            Map<Long, String> connections =
                Server.connections(connection, now.server().processlist());
            Server.State state = Server.state(connection); // after the list: see Announced.alive
            seen(now, connection, connections, state, nanos);
            return true;
          });
    } catch (SQLException | IOException e) {
      abnormal("witness-unasked", "cannot ask who is connected: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void seen(
      Following now,
      Connection connection,
      Map<Long, String> connections,
      Server.State state,
      long nanos)
      throws SQLException {
    if (!state.uuid().equals(now.server().uuid())) {
      now.tail().stop(); // the address leads to another server
      return;
    }
    authors.saw(connections);
    announced.alive(state.uuid(), connections.keySet(), nanos);
    aim(now, connection, state, nanos);
    for (Lane lane : lanes) {
      TableWitness witness = witness(lane.table());
      if (witness.suspect()) {
        int definitions = witness.definitions();
        SchemaReader.read(connection, lane.table(), new ArrayList<>())
            .filter(table -> table.schema().equals(lane.mapping().schema()))
            .ifPresent(
                table -> {
                  // The mirror may have gone over to another definition: this one.
                  images.put(lane.table(), new RowImages(lane.mapping()));
                  witness.unchanged(definitions);
                });
      }
    }
  }

  private void whole(TableName table, String reason) {
    witness(table).whole(reason);
  }

  private void abnormal(String what, String message) {
    tables.values().forEach(table -> table.notice().abnormal(what, 1, message));
  }

  private TableWitness witness(TableName table) {
    return java.util.Objects.requireNonNull(tables.get(table));
  }

  private long lagMillis() {
    Horizon ahead = horizon;
    return ahead == null ? 0 : (System.nanoTime() - ahead.nanos()) / 1_000_000;
  }

  /** The figures of one table, for the status. */
  public Map<String, Object> status(TableName table) {
    TableWitness witness = tables.get(table);
    if (witness == null) {
      return Map.of();
    }
    Map<String, Object> map = new LinkedHashMap<>();
    Following now = following;
    map.put("reading", reading);
    map.put("position", String.valueOf(now == null ? bookmark.kept() : now.flow().position()));
    map.put("lagMillis", lagMillis());
    map.putAll(witness.status());
    return map;
  }

  /** Reads to the end of the binlog, if that takes no time worth mentioning, and stops. */
  @Override
  public void close() {
    drain();
    stopped = true;
    over.countDown();
    try {
      long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
      while (reader.isAlive() && System.nanoTime() < deadline) {
        Following now = following;
        if (now != null) {
          now.tail().stop(); // again, should it have been about to connect
        }
        reader.join(STOP_STEP.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.shutdownNow();
    announced.notReading();
    guarded(this::checkpoint).run();
  }

  private void drain() {
    Following now = following;
    if (now == null || !reading) {
      return;
    }
    try {
      Position end = pool.with(Server::state).end();
      long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
      while (reading
          && end.serverUuid().equals(now.server().uuid())
          && !now.flow().position().reached(end)
          && System.nanoTime() < deadline) {
        if (over.await(DRAIN_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (SQLException | IOException e) {
      return; // what is left will be read by the next run
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

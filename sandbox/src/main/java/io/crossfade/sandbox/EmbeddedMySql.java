package io.crossfade.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real MySQL 8.0.31 in a child process, on loopback. It ends with this JVM, however that ends: a
 * small shell supervisor between the two reads a pipe that closes with the JVM. Port and data
 * survive {@link #kill9} and {@link #restart}. The first start in a data directory takes about 5 s,
 * later ones 1 s. Thread-safe.
 *
 * <p>As a production primary would be: TLS (generated certificate), GTID, row binlog, durable
 * commits, UTC, utf8mb4; performance_schema is off, which halves the start.
 *
 * <p>Accounts, made when the data directory is:
 *
 * <ul>
 *   <li>{@code root}, no password, from 127.0.0.1: the administrator of {@link #connect(String)};
 *   <li>{@code app}/{@code app}: mysql_native_password, ALL;
 *   <li>{@code sha2}/{@code sha2}: caching_sha2_password, ALL;
 *   <li>{@code crossfade}/{@code crossfade}: the proxy's own, caching_sha2_password, with SELECT
 *       (rows to re-read), SHOW VIEW, TRIGGER and SHOW_ROUTINE (what reaches a watched table),
 *       PROCESS (which sessions have ended), XA_RECOVER_ADMIN (prepared transactions), REPLICATION
 *       CLIENT (binlog position).
 * </ul>
 */
public final class EmbeddedMySql implements MySqlServer, AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedMySql.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(50);

  /** Runs mysqld, says its pid, and ends it (TERM, after 10 s KILL) when stdin ends. */
  private static final String SUPERVISOR =
      """
      trap '' INT HUP
      exec 3<&0
      "$@" </dev/null 3<&- >&2 &
      pid=$!
      echo "PID $pid"
      (
        while read -r line <&3; do :; done
        kill -TERM "$pid"; kill -CONT "$pid"
        n=0
        while kill -0 "$pid" && [ "$n" -lt 20 ]; do sleep 0.5; n=$((n + 1)); done
        kill -KILL "$pid"
      ) >/dev/null 2>&1 &
      watcher=$!
      exec 3<&-
      wait "$pid"
      status=$?
      kill "$watcher" 2>/dev/null
      exit "$status"
      """;

  /** One statement per line, as {@code --init-file} wants it. */
  private static final String ACCOUNTS =
      """
      CREATE USER 'root'@'127.0.0.1' IDENTIFIED WITH mysql_native_password BY '';
      GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
      CREATE USER 'app'@'%' IDENTIFIED WITH mysql_native_password BY 'app';
      GRANT ALL ON *.* TO 'app'@'%';
      CREATE USER 'sha2'@'%' IDENTIFIED WITH caching_sha2_password BY 'sha2';
      GRANT ALL ON *.* TO 'sha2'@'%';
      CREATE USER 'crossfade'@'%' IDENTIFIED WITH caching_sha2_password BY 'crossfade';
      GRANT SELECT, SHOW VIEW, TRIGGER, PROCESS, REPLICATION CLIENT ON *.* TO 'crossfade'@'%';
      GRANT SHOW_ROUTINE, XA_RECOVER_ADMIN ON *.* TO 'crossfade'@'%';
      """;

  private final MySqlOptions options;
  private final MySqlDistribution distribution;
  private final SystemLibraries libraries;
  private final DataDirectory directory;
  private final int port;
  private ChildProcess process;

  private EmbeddedMySql(
      MySqlOptions options,
      MySqlDistribution distribution,
      SystemLibraries libraries,
      DataDirectory directory) {
    this.options = options;
    this.distribution = distribution;
    this.libraries = libraries;
    this.directory = directory;
    this.port = options.port() == 0 ? Loopback.freePort() : options.port();
    if (!Files.isDirectory(data())) {
      initialise();
    }
    this.process = launch();
  }

  /**
   * Starts MySQL and waits until it answers.
   *
   * @param options see there
   * @return the running server
   * @throws SandboxException when it does not start, with the end of its log, or when the system
   *     lacks a library, with the command that installs it
   */
  public static EmbeddedMySql start(MySqlOptions options) {
    MySqlDistribution distribution = MySqlDistribution.unpacked();
    SystemLibraries libraries = distribution.libraries();
    Set<String> missing = libraries.missing();
    if (!missing.isEmpty()) {
      throw new SandboxException(
          "MySQL needs "
              + String.join(", ", missing)
              + " from the system; as root: "
              + libraries.installCommand());
    }
    DataDirectory directory = DataDirectory.open(options.dataDirectory(), "crossfade-mysql");
    try {
      return new EmbeddedMySql(options, distribution, libraries, directory);
    } catch (SandboxException e) {
      directory.release();
      throw e;
    }
  }

  private Path data() {
    return directory.path().resolve("data");
  }

  private Path log() {
    return directory.path().resolve("mysqld.log");
  }

  /** In a directory beside the final one, so that a killed attempt is not taken for a database. */
  private void initialise() {
    Path unfinished = directory.path().resolve("data.unfinished");
    Path accounts = directory.path().resolve("accounts.sql");
    DataDirectory.deleteTree(unfinished);
    try {
      Files.writeString(accounts, ACCOUNTS);
      List<String> command = new ArrayList<>(mysqld(unfinished));
      command.add("--initialize-insecure");
      command.add("--init-file=" + accounts);
      Process initialisation =
          builder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      if (!initialisation.waitFor(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        initialisation.destroyForcibly();
      }
      if (initialisation.waitFor() != 0) {
        throw new SandboxException(
            "MySQL cannot initialise its data: " + ChildProcess.endOf(log()));
      }
      Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
      Files.delete(accounts);
    } catch (IOException e) {
      throw new SandboxException("MySQL cannot initialise its data: " + e, e);
    } catch (InterruptedException e) {
      throw ChildProcess.interrupted(e);
    }
  }

  private ChildProcess launch() {
    long start = System.nanoTime();
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", SUPERVISOR, "crossfade-mysql-supervisor"));
    command.addAll(mysqld(data()));
    ChildProcess child = ChildProcess.start("MySQL", builder(command), "PID ", log());
    String line = child.awaitAnnouncement(START_LIMIT);
    child.serverPid(Long.parseLong(line.substring("PID ".length())));
    awaitAnswer(child);
    LOGGER
        .atInfo()
        .addKeyValue("port", port)
        .addKeyValue("pid", child.serverPid())
        .addKeyValue("millis", (System.nanoTime() - start) / 1_000_000)
        .log("MySQL is up");
    return child;
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    libraries
        .links()
        .ifPresent(
            links ->
                builder
                    .environment()
                    .merge(
                        "LD_LIBRARY_PATH",
                        links.toString(),
                        (old, added) -> added + File.pathSeparator + old));
    return builder;
  }

  private List<String> mysqld(Path data) {
    List<String> command = new ArrayList<>();
    command.add(distribution.mysqld().toString());
    command.add("--no-defaults");
    command.add("--basedir=" + distribution.home());
    command.add("--datadir=" + data);
    command.add("--log-error=" + log());
    command.add("--pid-file=mysqld.pid");
    command.add("--socket=mysqld.sock");
    command.add("--bind-address=" + Loopback.HOST);
    command.add("--port=" + port);
    command.add("--mysqlx=OFF");
    command.add("--skip-name-resolve");
    command.add("--character-set-server=utf8mb4");
    command.add("--default-time-zone=+00:00");
    command.add("--server-id=1");
    command.add("--log-bin=binlog");
    command.add("--binlog-format=ROW");
    command.add("--gtid-mode=ON");
    command.add("--enforce-gtid-consistency=ON");
    command.add("--sync-binlog=1");
    command.add("--innodb-flush-log-at-trx-commit=1");
    command.add("--innodb-buffer-pool-size=" + options.bufferPoolMiB() + "M");
    command.add("--max-connections=1000");
    command.add("--local-infile=ON");
    command.add("--performance-schema=OFF");
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root"); // mysqld refuses root unless it is told
    }
    command.addAll(options.flags());
    return command;
  }

  private void awaitAnswer(ChildProcess child) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    Optional<SQLException> last = Optional.empty();
    while (child.isAlive() && System.nanoTime() < deadline) {
      try {
        if (isOwnAnswer()) {
          return;
        }
        Thread.sleep(POLL.toMillis());
      } catch (SQLException e) {
        last = Optional.of(e);
        pause(child);
      } catch (InterruptedException e) {
        child.kill9();
        throw ChildProcess.interrupted(e);
      }
    }
    child.kill9();
    String reason = last.map(e -> "\nlast answer: " + e.getMessage()).orElse("");
    throw new SandboxException("MySQL did not start: " + child.failure() + reason);
  }

  private static void pause(ChildProcess child) {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      child.kill9();
      throw ChildProcess.interrupted(e);
    }
  }

  /** Another server may have taken the port in the meantime: ask for the data directory. */
  private boolean isOwnAnswer() throws SQLException {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@datadir")) {
      return row.next() && Path.of(row.getString(1)).normalize().equals(data());
    }
  }

  @Override
  public String host() {
    return Loopback.HOST;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Connection connect(String database) throws SQLException {
    return connect(database, "root", "");
  }

  /**
   * Connects as somebody.
   *
   * @param database the default database, or empty for none
   * @param user one of the accounts
   * @param password its password
   * @return a connection that the caller closes
   * @throws SQLException when MySQL refuses or cannot be reached
   */
  public Connection connect(String database, String user, String password) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return DriverManager.getConnection(jdbcUrl(database), properties);
  }

  /**
   * @return mysqld's process id, of the running or the last process
   */
  public synchronized long pid() {
    return process.serverPid();
  }

  /**
   * @return whether mysqld runs, paused or not
   */
  public synchronized boolean isAlive() {
    return process.isAlive();
  }

  /** Shuts down in an orderly way; {@link #restart} brings it back with the same data. */
  public synchronized void stop() {
    process.stop(STOP_LIMIT);
  }

  /** Kills mysqld as a crash would. */
  public synchronized void kill9() {
    process.kill9();
  }

  /** Freezes mysqld: the system accepts connections, nothing answers. */
  public synchronized void pause() {
    process.pause();
  }

  /** Ends a {@link #pause}. */
  public synchronized void resume() {
    process.resume();
  }

  /**
   * Stops mysqld if it runs, and starts it again with the same port and data.
   *
   * @throws SandboxException when it does not start, with the end of its log
   */
  public synchronized void restart() {
    stop();
    process = launch();
  }

  /** Stops mysqld; temporary data is deleted. */
  @Override
  public synchronized void close() {
    if (directory.temporary()) {
      process.kill9();
    } else {
      process.stop(STOP_LIMIT);
    }
    directory.release();
  }
}

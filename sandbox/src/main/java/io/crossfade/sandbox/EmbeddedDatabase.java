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
 * What MySQL's and MariaDB's servers share: data that is initialised once, a shell supervisor
 * between the server and this JVM that reads a pipe which closes with the JVM, and the question
 * whether it is this server that answers on the port. Thread-safe.
 */
abstract class EmbeddedDatabase extends EmbeddedServer implements MySqlServer {
  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(50);

  /** Runs the server, says its pid, and ends it (TERM, after 10 s KILL) when stdin ends. */
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

  private final String name;
  private final MySqlOptions options;
  private final Optional<Path> libraryLinks;
  private final int port;

  EmbeddedDatabase(
      String name, MySqlOptions options, SystemLibraries libraries, DataDirectory directory) {
    super(directory, STOP_LIMIT);
    this.name = name;
    this.options = options;
    this.libraryLinks = libraries.links();
    this.port = options.port() == 0 ? Loopback.freePort() : options.port();
  }

  /**
   * Refuses to go on where the system lacks a library.
   *
   * @throws SandboxException with the command that installs it
   */
  static SystemLibraries complete(String name, SystemLibraries libraries) {
    Set<String> missing = libraries.missing();
    if (!missing.isEmpty()) {
      throw new SandboxException(
          name
              + " needs "
              + String.join(", ", missing)
              + " from the system; as root: "
              + libraries.installCommand());
    }
    return libraries;
  }

  /** The command that makes the data directory and in it the accounts of an SQL file. */
  abstract List<String> initialisation(Path data, Path accounts);

  /** SQL, one statement a line. */
  abstract String accounts();

  /** The server's command line, but for data, log, port and the user's own flags. */
  abstract List<String> server();

  private Path data() {
    return directory().path().resolve("data");
  }

  private Path log() {
    return directory().path().resolve("server.log");
  }

  /** In a directory beside the final one, so that a killed attempt is not taken for a database. */
  private void initialise() {
    Path unfinished = directory().path().resolve("data.unfinished");
    Path accounts = directory().path().resolve("accounts.sql");
    DataDirectory.deleteTree(unfinished);
    try {
      Files.writeString(accounts, accounts());
      Process initialisation =
          builder(initialisation(unfinished, accounts))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      if (!initialisation.waitFor(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        initialisation.destroyForcibly();
      }
      if (initialisation.waitFor() != 0) {
        throw new SandboxException(
            name + " cannot initialise its data: " + ChildProcess.endOf(log()));
      }
      Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
      Files.delete(accounts);
    } catch (IOException e) {
      throw new SandboxException(name + " cannot initialise its data: " + e, e);
    } catch (InterruptedException e) {
      throw ChildProcess.interrupted(e);
    }
  }

  @Override
  final ChildProcess launch() {
    if (!Files.isDirectory(data())) {
      initialise();
    }
    long start = System.nanoTime();
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", SUPERVISOR, "crossfade-" + name + "-supervisor"));
    command.addAll(withPlaces(server(), data()));
    ProcessBuilder builder = builder(command);
    if (options.clock() != null) {
      builder.environment().putAll(options.clock().environment());
    }
    ChildProcess child = ChildProcess.start(name, builder, "PID ", log());
    String line = child.awaitAnnouncement(START_LIMIT);
    child.serverPid(Long.parseLong(line.substring("PID ".length())));
    awaitAnswer(child);
    LOGGER
        .atInfo()
        .addKeyValue("server", name)
        .addKeyValue("port", port)
        .addKeyValue("pid", child.serverPid())
        .addKeyValue("millis", (System.nanoTime() - start) / 1_000_000)
        .log("a database is up");
    return child;
  }

  /** Adds where everything is, and the user's own flags. */
  final List<String> withPlaces(List<String> server, Path data) {
    List<String> command = new ArrayList<>(server);
    command.add("--datadir=" + data);
    command.add("--log-error=" + log());
    command.add("--pid-file=server.pid");
    command.add("--socket=server.sock");
    command.add("--bind-address=" + Loopback.HOST);
    command.add("--port=" + port);
    command.add("--skip-name-resolve");
    command.add("--character-set-server=utf8mb4");
    command.add("--default-time-zone=+00:00");
    command.add("--server-id=1");
    command.add("--log-bin=binlog");
    command.add("--binlog-format=ROW");
    command.add("--sync-binlog=1");
    command.add("--innodb-flush-log-at-trx-commit=1");
    command.add("--innodb-buffer-pool-size=" + options.bufferPoolMiB() + "M");
    command.add("--max-connections=1000");
    command.add("--local-infile=ON");
    command.add("--performance-schema=OFF");
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root"); // the servers refuse root unless they are told
    }
    command.addAll(options.flags());
    return command;
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    libraryLinks.ifPresent(
        links ->
            builder
                .environment()
                .merge(
                    "LD_LIBRARY_PATH",
                    links.toString(),
                    (old, added) -> added + File.pathSeparator + old));
    return builder;
  }

  private void awaitAnswer(ChildProcess child) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    Optional<SQLException> last = Optional.empty();
    while (child.isAlive() && System.nanoTime() < deadline) {
      try {
        if (isOwnAnswer()) {
          return;
        }
      } catch (SQLException e) {
        last = Optional.of(e);
      }
      pause(child);
    }
    child.kill9();
    String reason = last.map(e -> "\nlast answer: " + e.getMessage()).orElse("");
    throw new SandboxException(name + " did not start: " + child.failure() + reason);
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
  public final String host() {
    return Loopback.HOST;
  }

  @Override
  public final int port() {
    return port;
  }

  @Override
  public final Connection connect(String database) throws SQLException {
    return connect(database, "root", "");
  }

  /**
   * Connects as somebody.
   *
   * @param database the default database, or empty for none
   * @param user one of the accounts
   * @param password its password
   * @return a connection that the caller closes
   * @throws SQLException when the server refuses or cannot be reached
   */
  public final Connection connect(String database, String user, String password)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return DriverManager.getConnection(jdbcUrl(database), properties);
  }
}

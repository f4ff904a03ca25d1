package io.crossfade.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real MariaDB 10.11.5 in a child process, on loopback, with the life of {@link EmbeddedMySql}.
 * Only Linux on x86-64. The first start in a data directory takes about 2 s. Thread-safe.
 *
 * <p>Row binlog, durable commits, UTC, utf8mb4; no TLS, no plugins beside the built-in ones.
 * Accounts, all with mysql_native_password: {@code root} (no password, from 127.0.0.1), {@code
 * app}/{@code app} with ALL, {@code crossfade}/{@code crossfade} with what the proxy's own
 * connections need.
 */
public final class EmbeddedMariaDb extends EmbeddedDatabase {
  private static final String NAME = "MariaDB";

  /** The installation runs without grant tables; {@code root@127.0.0.1} is its own doing. */
  private static final String ACCOUNTS =
      """
      FLUSH PRIVILEGES;
      CREATE USER 'app'@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('app');
      GRANT ALL ON *.* TO 'app'@'%';
      CREATE USER 'crossfade'@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('crossfade');
      GRANT SELECT, SHOW VIEW, TRIGGER, PROCESS, BINLOG MONITOR ON *.* TO 'crossfade'@'%';
      """;

  private final Path home;

  private EmbeddedMariaDb(MySqlOptions options, Path home, SystemLibraries libraries) {
    super(
        NAME, options, libraries, DataDirectory.open(options.dataDirectory(), "crossfade-mariadb"));
    this.home = home;
  }

  /**
   * Starts MariaDB and waits until it answers.
   *
   * @param options see there; the flags are mariadbd's
   * @return the running server
   * @throws SandboxException when it does not start, with the end of its log, or when there is none
   *     for this machine
   */
  public static EmbeddedMariaDb start(MySqlOptions options) {
    MariaDbDistribution distribution = MariaDbDistribution.unpacked();
    EmbeddedMariaDb server =
        new EmbeddedMariaDb(options, distribution.home(), complete(NAME, distribution.libraries()));
    server.begin();
    return server;
  }

  /**
   * @return a MariaDB Connector/J URL without credentials
   */
  @Override
  public String jdbcUrl(String database) {
    return "jdbc:mariadb://" + host() + ":" + port() + "/" + database;
  }

  @Override
  String accounts() {
    return ACCOUNTS;
  }

  @Override
  List<String> initialisation(Path data, Path accounts) {
    return List.of(
        "sh",
        home.resolve("scripts").resolve("mariadb-install-db").toString(),
        "--no-defaults",
        "--basedir=" + home,
        "--datadir=" + data,
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
        "--extra-file=" + accounts);
  }

  @Override
  List<String> server() {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("mariadbd").toString());
    command.add("--no-defaults");
    command.add("--basedir=" + home);
    return command;
  }
}

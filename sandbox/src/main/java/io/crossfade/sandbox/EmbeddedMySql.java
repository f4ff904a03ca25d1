package io.crossfade.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real MySQL 8.0.31 in a child process, on loopback. It ends with this JVM, however that ends.
 * Port and data survive {@link #kill9} and {@link #restart}. The first start in a data directory
 * takes about 5 s, later ones 1 s. Thread-safe.
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
 *       (rows to re-read), SHOW VIEW, TRIGGER, EVENT and SHOW_ROUTINE (what reaches a watched
 *       table), PROCESS (which sessions have ended), XA_RECOVER_ADMIN (prepared transactions),
 *       REPLICATION CLIENT (binlog position), REPLICATION SLAVE (the binlog itself).
 * </ul>
 */
public final class EmbeddedMySql extends EmbeddedDatabase {
  private static final String NAME = "MySQL";

  private static final String ACCOUNTS =
      """
      CREATE USER 'root'@'127.0.0.1' IDENTIFIED WITH mysql_native_password BY '';
      GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
      CREATE USER 'app'@'%' IDENTIFIED WITH mysql_native_password BY 'app';
      GRANT ALL ON *.* TO 'app'@'%';
      CREATE USER 'sha2'@'%' IDENTIFIED WITH caching_sha2_password BY 'sha2';
      GRANT ALL ON *.* TO 'sha2'@'%';
      CREATE USER 'crossfade'@'%' IDENTIFIED WITH caching_sha2_password BY 'crossfade';
      GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, PROCESS ON *.* TO 'crossfade'@'%';
      GRANT REPLICATION CLIENT, REPLICATION SLAVE ON *.* TO 'crossfade'@'%';
      GRANT SHOW_ROUTINE, XA_RECOVER_ADMIN ON *.* TO 'crossfade'@'%';
      """;

  private final MySqlDistribution distribution;

  private EmbeddedMySql(
      MySqlOptions options, MySqlDistribution distribution, SystemLibraries libraries) {
    super(NAME, options, libraries, DataDirectory.open(options.dataDirectory(), "crossfade-mysql"));
    this.distribution = distribution;
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
    SystemLibraries libraries = complete(NAME, distribution.libraries());
    EmbeddedMySql server = new EmbeddedMySql(options, distribution, libraries);
    server.begin();
    return server;
  }

  @Override
  String accounts() {
    return ACCOUNTS;
  }

  @Override
  List<String> initialisation(Path data, Path accounts) {
    List<String> command = new ArrayList<>(withPlaces(server(), data));
    command.add("--initialize-insecure");
    command.add("--init-file=" + accounts);
    return command;
  }

  @Override
  List<String> server() {
    return List.of(
        distribution.mysqld().toString(),
        "--no-defaults",
        "--basedir=" + distribution.home(),
        "--mysqlx=OFF",
        "--gtid-mode=ON",
        "--enforce-gtid-consistency=ON");
  }
}

package io.crossfade.sandbox;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One MySQL, one MariaDB, one HBase and one Kafka for all tests of a JVM, started by the first that
 * asks and stopped with the JVM. Tests keep apart by {@linkplain #uniqueSchema unique names} and
 * never stop, freeze or reconfigure these; a test that must do so starts its own. Thread-safe.
 *
 * <p>The environment may name the user's own servers instead: {@code
 * CROSSFADE_TEST_MYSQL=mysql://user:password@host:port} (an account that may do everything), {@code
 * CROSSFADE_TEST_HBASE=host:port[,host:port…]} (bootstrap servers) and {@code
 * CROSSFADE_TEST_KAFKA=host:port[,host:port…]}. MariaDB is always the sandbox's own.
 */
public final class SharedServers {
  private static final Deque<AutoCloseable> STARTED = new ArrayDeque<>();
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static @Nullable MySqlServer mySql;
  private static @Nullable MySqlServer mariaDb;
  private static @Nullable HBaseServer hBase;
  private static @Nullable KafkaServer kafka;

  private SharedServers() {}

  /**
   * @return the MySQL of this JVM's tests
   * @throws SandboxException when it cannot be started
   */
  public static synchronized MySqlServer mysql() {
    if (mySql == null) {
      String given = System.getenv("CROSSFADE_TEST_MYSQL");
      mySql =
          given != null
              ? ExternalMySql.parse(given)
              : closedAtExit(EmbeddedMySql.start(MySqlOptions.temporary()));
    }
    return mySql;
  }

  /**
   * @return the MariaDB of this JVM's tests; its URLs are MariaDB Connector/J's
   * @throws SandboxException when it cannot be started
   */
  public static synchronized MySqlServer mariadb() {
    if (mariaDb == null) {
      mariaDb = closedAtExit(EmbeddedMariaDb.start(MySqlOptions.temporary()));
    }
    return mariaDb;
  }

  /**
   * @return the HBase of this JVM's tests
   * @throws SandboxException when it cannot be started
   */
  public static synchronized HBaseServer hbase() {
    if (hBase == null) {
      String given = System.getenv("CROSSFADE_TEST_HBASE");
      hBase =
          given != null
              ? new ExternalHBase(given)
              : closedAtExit(EmbeddedHBase.start(HBaseOptions.temporary()));
    }
    return hBase;
  }

  /**
   * @return the Kafka of this JVM's tests
   * @throws SandboxException when it cannot be started
   */
  public static synchronized KafkaServer kafka() {
    if (kafka == null) {
      String given = System.getenv("CROSSFADE_TEST_KAFKA");
      kafka =
          given != null
              ? new ExternalKafka(given)
              : closedAtExit(EmbeddedKafka.start(KafkaOptions.temporary()));
    }
    return kafka;
  }

  /**
   * Makes up a name for a database, a table or a namespace; creates nothing (see {@link
   * MySqlServer#createSchema}).
   *
   * @param prefix how the name begins, of the characters {@code [a-z0-9_]}, at most 30
   * @return a name that no other caller gets, in this JVM or another
   */
  public static String uniqueSchema(String prefix) {
    if (!prefix.matches("[a-z0-9_]{1,30}")) {
      throw new IllegalArgumentException("not [a-z0-9_]{1,30}: " + prefix);
    }
    return String.join(
        "_",
        prefix,
        Long.toString(System.currentTimeMillis(), 36),
        Long.toString(ProcessHandle.current().pid(), 36),
        Integer.toString(NAMES.incrementAndGet(), 36).toLowerCase(Locale.ROOT));
  }

  private static <T extends AutoCloseable> T closedAtExit(T server) {
    if (STARTED.isEmpty()) {
      Runtime.getRuntime().addShutdownHook(new Thread(SharedServers::closeAll, "shared-servers"));
    }
    STARTED.push(server);
    return server;
  }

  private static synchronized void closeAll() {
    for (AutoCloseable server : STARTED) {
      try {
        server.close();
      } catch (Exception e) {
        System.err.println("a shared server did not close: " + e);
      }
    }
  }

  private record ExternalKafka(String bootstrapServers) implements KafkaServer {}

  private record ExternalHBase(String bootstrapServers) implements HBaseServer {}

  private record ExternalMySql(String host, int port, String user, String password)
      implements MySqlServer {

    static ExternalMySql parse(String text) {
      URI uri = URI.create(text);
      @Nullable String userInfo = uri.getUserInfo();
      if (!"mysql".equals(uri.getScheme())
          || uri.getHost() == null
          || uri.getPort() < 0
          || userInfo == null) {
        throw new SandboxException(
            "CROSSFADE_TEST_MYSQL is not of the form mysql://user:password@host:port");
      }
      int colon = userInfo.indexOf(':');
      return new ExternalMySql(
          uri.getHost(),
          uri.getPort(),
          colon < 0 ? userInfo : userInfo.substring(0, colon),
          colon < 0 ? "" : userInfo.substring(colon + 1));
    }

    @Override
    public Connection connect(String database) throws SQLException {
      return DriverManager.getConnection(jdbcUrl(database), user, password);
    }

    @Override
    public String toString() {
      return "MySQL at " + host + ":" + port;
    }
  }
}

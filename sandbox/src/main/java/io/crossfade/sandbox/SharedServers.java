package io.crossfade.sandbox;

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

  /** MiB: the tables of all tests of a module stay until its end. */
  private static final int HBASE_HEAP = 1536;

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
              ? ExternalMySql.parse(given, "CROSSFADE_TEST_MYSQL")
              : closedAtExit(EmbeddedMySql.start(MySqlOptions.temporary()));
    }
    return mySql;
  }

  /**
   * @return {@link #mysql} and its administrator as {@code mysql://user:password@host:port}
   * @throws SandboxException when it cannot be started
   */
  public static synchronized String mysqlUrl() {
    MySqlServer server = mysql();
    String given = System.getenv("CROSSFADE_TEST_MYSQL");
    return given != null ? given : "mysql://root:@" + server.host() + ":" + server.port();
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
              : closedAtExit(EmbeddedHBase.start(HBaseOptions.temporary().withHeap(HBASE_HEAP)));
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
}

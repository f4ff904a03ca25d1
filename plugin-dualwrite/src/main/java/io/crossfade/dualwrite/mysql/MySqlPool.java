package io.crossfade.dualwrite.mysql;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A handful of connections to MySQL, each in the one session state that gives exact text forms and
 * a fresh read view a statement. Thread-safe; blocks.
 */
public final class MySqlPool implements AutoCloseable {
  private static final long BORROW_SECONDS = 30;

  /**
   * Nothing of a server's defaults may change what a re-read sees: not the time zone, the character
   * set, the SQL mode (PAD_CHAR_TO_FULL_LENGTH, ANSI_QUOTES), row limits, nor READ UNCOMMITTED.
   */
  private static final List<String> SESSION =
      List.of(
          "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
          "SET SESSION time_zone='+00:00', sql_mode='', sql_select_limit=18446744073709551615,"
              + " autocommit=1, sql_big_selects=1",
          "SET character_set_results=NULL");

  private final InetSocketAddress address;
  private final String user;
  private final String password;
  private final Semaphore permits;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Set<Long> ids = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public MySqlPool(InetSocketAddress address, String user, String password, int connections) {
    this.address = address;
    this.user = user;
    this.password = password;
    this.permits = new Semaphore(connections, true);
  }

  /** Work with a connection. */
  @FunctionalInterface
  public interface Work<T> {
    T on(Connection connection) throws SQLException, IOException, InterruptedException;
  }

  /**
   * Runs {@code work} on a connection of its own. After any exception the connection is closed.
   *
   * @throws SQLException of the work, or when MySQL cannot be reached
   */
  public <T> T with(Work<T> work) throws SQLException, IOException, InterruptedException {
    if (!permits.tryAcquire(BORROW_SECONDS, TimeUnit.SECONDS)) {
      throw new SQLException("no connection of the mirror's pool became free");
    }
    @Nullable Connection connection = null;
    boolean good = false;
    try {
      connection = take();
      T result = work.on(connection);
      good = true;
      return result;
    } finally {
      giveBack(connection, good);
      permits.release();
    }
  }

  private Connection take() throws SQLException {
    @Nullable Connection known;
    synchronized (idle) {
      known = idle.pollFirst();
    }
    return known != null ? known : connect();
  }

  private void giveBack(@Nullable Connection connection, boolean good) {
    if (connection == null) {
      return;
    }
    synchronized (idle) {
      if (good && !closed) {
        idle.addFirst(connection);
        return;
      }
    }
    closeQuietly(connection);
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "3000");
    properties.setProperty("socketTimeout", "120000");
    properties.setProperty("allowPublicKeyRetrieval", "true");
    properties.setProperty("useServerPrepStmts", "false");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("tinyInt1isBit", "false");
    properties.setProperty("yearIsDateType", "false");
    String url = "jdbc:mariadb://" + address.getHostString() + ":" + address.getPort() + "/";
    @Nullable Connection connection = new org.mariadb.jdbc.Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("the driver does not take " + url);
    }
    try (Statement statement = connection.createStatement()) {
      for (String sql : SESSION) {
        statement.execute(sql);
      }
      ids.add(((org.mariadb.jdbc.Connection) connection).getThreadId());
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  /** {@code CONNECTION_ID()} of every connection this pool ever made. */
  public Set<Long> connectionIds() {
    return Set.copyOf(ids);
  }

  /**
   * Closes the idle connections, e.g. because they lead to a server that is no longer the primary.
   */
  public void drop() {
    while (true) {
      @Nullable Connection connection;
      synchronized (idle) {
        connection = idle.pollFirst();
      }
      if (connection == null) {
        return;
      }
      closeQuietly(connection);
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      return; // it is gone either way
    }
  }

  @Override
  public void close() {
    closed = true;
    drop();
  }
}

package io.crossfade.distribution.clients;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Where a client connects: MySQL itself or the proxy.
 *
 * @param host an address
 * @param port a TCP port
 * @param schema the client's own schema; it holds an empty follower table
 */
record Endpoint(String host, int port, String schema) {
  /** The native-password account. */
  static final String USER = "app";

  /** The caching_sha2_password account; its password is its name. */
  static final String SHA2_USER = "sha2";

  /**
   * A URL for {@code driver}.
   *
   * @param driver {@code mysql} or {@code mariadb}
   * @param options what follows the question mark
   */
  String url(String driver, String options) {
    return "jdbc:" + driver + "://" + host + ":" + port + "/" + schema + "?" + options;
  }

  /** Connects with {@link #USER}. */
  Connection connect(String driver, String options) throws SQLException {
    return connect(driver, options, USER);
  }

  /** Connects with an account whose password is its name. */
  Connection connect(String driver, String options, String user) throws SQLException {
    return DriverManager.getConnection(url(driver, options), user, user);
  }
}

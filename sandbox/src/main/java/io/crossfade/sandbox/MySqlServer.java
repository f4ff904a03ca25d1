package io.crossfade.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A MySQL server with an account that may do everything. Thread-safe. */
public interface MySqlServer {
  /**
   * @return the address to connect to
   */
  String host();

  /**
   * @return the TCP port
   */
  int port();

  /**
   * @param database the default database, or empty for none
   * @return a Connector/J URL without credentials
   */
  default String jdbcUrl(String database) {
    return "jdbc:mysql://" + host() + ":" + port() + "/" + database;
  }

  /**
   * Connects as the administrator.
   *
   * @param database the default database, or empty for none
   * @return a connection that the caller closes
   * @throws SQLException when MySQL refuses or cannot be reached
   */
  Connection connect(String database) throws SQLException;

  /**
   * Creates an empty database under a name nobody else has.
   *
   * @param prefix how the name begins
   * @return the database's name
   * @throws SQLException when MySQL refuses or cannot be reached
   */
  default String createSchema(String prefix) throws SQLException {
    String schema = SharedServers.uniqueSchema(prefix);
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE DATABASE `" + schema + "`");
    }
    return schema;
  }
}

package io.crossfade.bench.soak;

import com.mysql.cj.jdbc.Driver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The soak's tables and connections to them through the proxy. Thread-safe.
 *
 * @param port the proxy's port on 127.0.0.1
 * @param schema where the tables are
 */
record Database(int port, String schema) {
  /** Makes the tables beside the follower table, over a connection straight to MySQL. */
  static void create(Connection mysql, String schema) throws SQLException {
    try (Statement s = mysql.createStatement()) {
      s.execute("USE `" + schema + "`");
      s.execute(
          "CREATE TABLE note (id BIGINT AUTO_INCREMENT PRIMARY KEY, owner INT NOT NULL,"
              + " body LONGBLOB, KEY (owner))");
      s.execute("CREATE TABLE one (id INT PRIMARY KEY)");
      s.execute("INSERT INTO one VALUES (1)");
      s.execute(
          "CREATE PROCEDURE results(IN n INT, OUT doubled INT)"
              + " BEGIN SELECT n; SELECT n + 1, 'second'; SET doubled = 2 * n; END");
    }
  }

  /** Connects as {@code app}, without TLS unless the options say otherwise. */
  Connection connect(String options) throws SQLException {
    return connect("app", options);
  }

  /** Connects as an account whose password is its name. */
  Connection connect(String user, String options) throws SQLException {
    return connect(user, user, options);
  }

  /** Connects. */
  Connection connect(String user, String password, String options) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    String tls = options.contains("sslMode") ? "" : "&sslMode=DISABLED";
    Connection c =
        new Driver()
            .connect(
                "jdbc:mysql://127.0.0.1:"
                    + port
                    + "/"
                    + schema
                    + "?allowPublicKeyRetrieval=true&connectTimeout=60000&socketTimeout=300000&"
                    + options
                    + tls,
                login);
    if (c == null) {
      throw new SQLException("the driver does not know this URL");
    }
    return c;
  }
}

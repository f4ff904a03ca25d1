package io.crossfade.sandbox.selftest;

import com.mysql.cj.jdbc.Driver;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/**
 * How sessions reach MySQL through the proxy.
 *
 * @param port the proxy's port on loopback
 * @param user MySQL account
 * @param password its password
 */
record Login(int port, String user, String password) {
  private static final String OPTIONS =
      "?sslMode=DISABLED&allowPublicKeyRetrieval=true&allowMultiQueries=true&useServerPrepStmts=true"
          + "&emulateUnsupportedPstmts=false&allowLoadLocalInfile=true&connectTimeout=5000"
          + "&socketTimeout=90000"
          + "&sessionVariables=innodb_lock_wait_timeout=1,lock_wait_timeout=2";

  Connection connect(String schema) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    Connection c =
        new Driver().connect("jdbc:mysql://127.0.0.1:" + port + "/" + schema + OPTIONS, login);
    if (c == null) {
      throw new SQLException("the driver does not know this URL");
    }
    return c;
  }
}

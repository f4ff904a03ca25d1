package io.crossfade.sandbox;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A MySQL that somebody else runs.
 *
 * @param host its host
 * @param port its port
 * @param user an account that may do everything
 * @param password its password
 */
public record ExternalMySql(String host, int port, String user, String password)
    implements MySqlServer {
  /**
   * Reads {@code mysql://user:password@host:port}.
   *
   * @param source where the text is from, for the message
   * @throws SandboxException when it is not of that form
   */
  public static ExternalMySql parse(String text, String source) {
    URI uri = URI.create(text);
    @Nullable String userInfo = uri.getUserInfo();
    if (!"mysql".equals(uri.getScheme())
        || uri.getHost() == null
        || uri.getPort() < 0
        || userInfo == null) {
      throw new SandboxException(source + " is not of the form mysql://user:password@host:port");
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

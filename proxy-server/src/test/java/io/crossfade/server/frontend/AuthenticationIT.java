package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.MySqlOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way to log in, and each way to fail: the same through the relay as directly. */
class AuthenticationIT {
  private static final String PLAIN = "sslMode=DISABLED";
  private static final String RSA = PLAIN + "&allowPublicKeyRetrieval=true";
  private static final String TLS = "sslMode=REQUIRED";

  private static EmbeddedMySql mysql;
  private static RelayFixture relay;

  @BeforeAll
  static void start() throws Exception {
    mysql = EmbeddedMySql.start(MySqlOptions.temporary().withFlags("--performance-schema=ON"));
    relay = new RelayFixture(mysql, List.of());
    try (Connection root = mysql.connect("");
        Statement s = root.createStatement()) {
      for (String plugin :
          List.of("mysql_native_password", "caching_sha2_password", "sha256_password")) {
        s.execute("CREATE USER " + plugin + " IDENTIFIED WITH " + plugin + " BY 'secret'");
        s.execute("CREATE USER empty_" + plugin + " IDENTIFIED WITH " + plugin);
      }
      s.execute("CREATE USER locked IDENTIFIED BY 'secret' ACCOUNT LOCK");
      s.execute("CREATE USER expired IDENTIFIED BY 'secret' PASSWORD EXPIRE");
      s.execute("CREATE USER tls_only IDENTIFIED BY 'secret' REQUIRE SSL");
      s.execute("CREATE USER one IDENTIFIED BY 'secret' WITH MAX_USER_CONNECTIONS 1");
      s.execute("CREATE USER hourly IDENTIFIED BY 'secret' WITH MAX_CONNECTIONS_PER_HOUR 1");
    }
  }

  @AfterAll
  static void stop() {
    relay.close();
    mysql.close();
  }

  /** What happens: who one is, or the error. The cached fast path is emptied first. */
  private static String outcome(int port, String user, String password, String database, String how)
      throws SQLException {
    try (Connection root = mysql.connect("");
        Statement s = root.createStatement()) {
      s.execute("FLUSH PRIVILEGES");
    }
    return outcomes(port, user, password, database, how)
        + ", again "
        + outcomes(port, user, password, database, how);
  }

  private static String outcomes(
      int port, String user, String password, String database, String how) {
    String url = "jdbc:mysql://127.0.0.1:" + port + "/" + database + "?" + how;
    try (Connection c = DriverManager.getConnection(url, user, password);
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT CURRENT_USER(), DATABASE(), @@session.autocommit")) {
      r.next();
      return r.getString(1) + " " + r.getString(2) + " " + r.getString(3);
    } catch (SQLException e) {
      return e.getErrorCode() + " " + e.getSQLState() + " " + e.getMessage();
    }
  }

  private static String same(String user, String password, String database, String how)
      throws SQLException {
    String direct = outcome(mysql.port(), user, password, database, how);
    assertThat(outcome(relay.address.getPort(), user, password, database, how))
        .as("%s in '%s' with %s", user, database, how)
        .isEqualTo(direct);
    return direct;
  }

  @ParameterizedTest
  @CsvSource({
    "mysql_native_password," + PLAIN,
    "mysql_native_password," + TLS,
    "mysql_native_password,sslMode=REQUIRED&tlsVersions=TLSv1.2",
    "mysql_native_password,sslMode=REQUIRED&tlsVersions=TLSv1.3",
    "caching_sha2_password," + RSA,
    "caching_sha2_password," + TLS,
    "caching_sha2_password,sslMode=REQUIRED&tlsVersions=TLSv1.2",
    "caching_sha2_password,sslMode=REQUIRED&defaultAuthenticationPlugin=mysql_native_password",
    "mysql_native_password,sslMode=DISABLED&defaultAuthenticationPlugin=caching_sha2_password",
    "sha256_password," + RSA,
    "sha256_password," + TLS
  })
  void everyPluginLetsIn(String user, String how) throws Exception {
    assertThat(same(user, "secret", "", how)).startsWith(user + "@% ");
    assertThat(same("empty_" + user, "", "", how)).startsWith("empty_" + user + "@% ");
    assertThat(same(user, "wrong", "", how)).startsWith("1045 28000 Access denied");
    assertThat(same(user, "", "", how)).startsWith("1045 28000 Access denied");
    assertThat(same(user, "secret", "no_such_database", how)).containsAnyOf("1044 ", "1049 ");
  }

  @Test
  void withoutTheServersKeyTheFullExchangeFailsAsItDoesDirectly() throws Exception {
    assertThat(same("caching_sha2_password", "secret", "", PLAIN))
        .contains("Public Key Retrieval is not allowed");
    assertThat(same("sha256_password", "secret", "", PLAIN)).doesNotStartWith("sha256_password@");
  }

  @Test
  void accountsThatMayNotLogInAreToldWhy() throws Exception {
    assertThat(same("locked", "secret", "", TLS)).startsWith("3118 HY000 ");
    assertThat(same("expired", "secret", "", TLS)).startsWith("1862 S1000 ");
    assertThat(same("expired", "secret", "", TLS + "&disconnectOnExpiredPasswords=false"))
        .startsWith("1820 S1000 ");
    assertThat(same("tls_only", "secret", "", RSA)).startsWith("1045 28000 ");
    assertThat(same("tls_only", "secret", "", TLS)).startsWith("tls_only@%");
    assertThat(same("nobody", "secret", "", TLS)).startsWith("1045 28000 ");
    assertThat(same("app", "app", "no_such_database", PLAIN)).startsWith("1049 42000 ");
  }

  @Test
  void limitsOfAnAccountHold() throws Exception {
    for (int port : new int[] {mysql.port(), relay.address.getPort()}) {
      try (Connection first =
          DriverManager.getConnection(
              "jdbc:mysql://127.0.0.1:" + port + "/?" + TLS, "one", "secret")) {
        assertThat(first.isValid(5)).isTrue();
        assertThat(outcomes(port, "one", "secret", "", TLS)).startsWith("1226 42000 User 'one'");
      }
      try (Connection root = mysql.connect("");
          Statement s = root.createStatement()) {
        s.execute("FLUSH USER_RESOURCES");
      }
      assertThat(outcomes(port, "hourly", "secret", "", TLS)).startsWith("hourly@%");
      assertThat(outcomes(port, "hourly", "secret", "", TLS)).startsWith("1226 42000 ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mysql_native_password," + RSA,
    "caching_sha2_password," + RSA,
    "caching_sha2_password," + TLS,
    "sha256_password," + TLS
  })
  void theUserOfAnOpenConnectionChanges(String user, String how) throws Exception {
    assertThat(changed(relay.address.getPort(), user, "secret", how))
        .isEqualTo(changed(mysql.port(), user, "secret", how))
        .isEqualTo(user + "@%");
    assertThat(changed(relay.address.getPort(), user, "wrong", how))
        .isEqualTo(changed(mysql.port(), user, "wrong", how))
        .startsWith("1045 28000 ");
  }

  private static String changed(int port, String user, String password, String how) {
    try (Connection c =
        DriverManager.getConnection("jdbc:mysql://127.0.0.1:" + port + "/?" + how, "app", "app")) {
      c.unwrap(com.mysql.cj.jdbc.JdbcConnection.class).changeUser(user, password);
      try (Statement s = c.createStatement();
          ResultSet r = s.executeQuery("SELECT CURRENT_USER()")) {
        r.next();
        return r.getString(1);
      }
    } catch (SQLException e) {
      return e.getErrorCode() + " " + e.getSQLState() + " " + e.getMessage();
    }
  }

  @Test
  void connectionAttributesArrive() throws Exception {
    assertThat(attributes(relay.address.getPort()))
        .isEqualTo(attributes(mysql.port()))
        .contains("colour=blue");
  }

  private static List<String> attributes(int port) throws SQLException {
    try (Connection c =
            DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:"
                    + port
                    + "/?useCompression=true&connectionAttributes=colour:blue&"
                    + RSA,
                "app",
                "app");
        Statement s = c.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT CONCAT(ATTR_NAME, '=', ATTR_VALUE)"
                    + " FROM performance_schema.session_connect_attrs"
                    + " WHERE PROCESSLIST_ID = CONNECTION_ID() ORDER BY 1")) {
      List<String> seen = new java.util.ArrayList<>();
      while (r.next()) {
        seen.add(r.getString(1));
      }
      return seen;
    }
  }
}

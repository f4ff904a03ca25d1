package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.session.LegSettings.ClientTls;
import io.crossfade.server.session.LegSettings.MysqlTls;
import io.crossfade.server.session.LegSettings.Verify;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on both legs and the time a login may take, against a real MySQL. */
@Timeout(120)
class LegSecurityIT {
  private static final Duration LOGIN = Duration.ofMillis(700);
  private static MySqlServer mysql;
  private static Path mysqlData;

  @TempDir Path directory;
  private PemFiles pem;

  @BeforeAll
  static void start() throws Exception {
    mysql = SharedServers.mysql();
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT @@datadir")) {
      r.next();
      mysqlData = Path.of(r.getString(1));
    }
  }

  @BeforeEach
  void files() {
    pem = new PemFiles(directory.resolve("server.pem"), directory.resolve("server.key"));
  }

  private static LegsUnderTest legs() {
    return new LegsUnderTest(mysql.host(), mysql.port());
  }

  private static LegsUnderTest impatient() {
    LegsUnderTest legs = legs();
    legs.login = LOGIN;
    return legs;
  }

  @Test
  void requiresTlsWithMySqlsError() throws Exception {
    LegsUnderTest legs = legs();
    legs.requireTls = true;
    try (RelayFixture relay = legs.start()) {
      assertThatThrownBy(() -> relay.connect("", "app", "app", ""))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                assertThat(e.getErrorCode()).isEqualTo(3159);
                assertThat(e.getSQLState()).isEqualTo("HY000");
              });
      assertThat(relay.count("crossfade.relay.login.refused", "reason", "require-tls"))
          .isEqualTo(1);
      try (Connection c = relay.connect("", "sha2", "sha2", "sslMode=REQUIRED")) {
        assertThat(c.isValid(5)).isTrue();
      }
    }
  }

  @Test
  void newConnectionsGetARenewedCertificateAndOldOnesLiveOn() throws Exception {
    String first = pem.renew();
    LegsUnderTest legs = legs();
    legs.files = pem;
    try (RelayFixture relay = legs.start();
        Connection old = relay.connect("", "app", "app", "sslMode=REQUIRED")) {
      assertThat(serial(relay)).isEqualTo(first);
      assertThat(relay.server.prepareTls()).as("nothing changed").isEmpty();

      String second = pem.renew();
      relay.server.prepareTls().orElseThrow().run();
      assertThat(serial(relay)).isEqualTo(second).isNotEqualTo(first);
      assertThat(old.isValid(5)).isTrue();

      Files.writeString(pem.certificate(), "rubbish");
      assertThatThrownBy(relay.server::prepareTls)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("server.pem");
      assertThat(serial(relay)).as("the broken file changes nothing").isEqualTo(second);
    }
  }

  private static String serial(RelayFixture relay) throws Exception {
    SSLSession session = tls(relay);
    return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber().toString();
  }

  private static SSLSession tls(RelayFixture relay, String... versions) throws Exception {
    try (PlainClient client = PlainClient.tcp(relay.address.getPort())) {
      client.packet();
      return client.startTls(versions);
    }
  }

  @Test
  void offersTheConfiguredVersionsAndCiphersOnly() throws Exception {
    LegsUnderTest legs = legs();
    legs.clientTls = new ClientTls(List.of("TLSv1.3"), List.of("TLS_AES_128_GCM_SHA256"));
    try (RelayFixture relay = legs.start()) {
      SSLSession session = tls(relay);
      assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
      assertThat(session.getCipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
      assertThatThrownBy(() -> tls(relay, "TLSv1.2")).isInstanceOf(SSLException.class);
      assertThat(relay.count("crossfade.relay.tls.failures", "leg", "client")).isEqualTo(1);
      assertThat(tls(relay).isValid()).as("others are not harmed").isTrue();
    }
    try (RelayFixture relay = legs().start()) {
      assertThat(tls(relay, "TLSv1.2").getProtocol()).isEqualTo("TLSv1.2");
    }
  }

  @Test
  void provesMySqlsCertificateAsConfigured() throws Exception {
    pem.renew();
    Path right = mysqlData.resolve("ca.pem");
    assertThat(logsIn(new MysqlTls(Verify.NONE, null))).isTrue();
    assertThat(logsIn(new MysqlTls(Verify.CA, right))).isTrue();
    assertThat(logsIn(new MysqlTls(Verify.CA, pem.certificate()))).isFalse();
    assertThat(logsIn(new MysqlTls(Verify.CA, null))).as("the JDK's authorities").isFalse();
    assertThat(logsIn(new MysqlTls(Verify.IDENTITY, right)))
        .as("MySQL's own certificate names no host")
        .isFalse();
  }

  private static boolean logsIn(MysqlTls tls) throws Exception {
    LegsUnderTest legs = legs();
    legs.mysqlTls = tls;
    try (RelayFixture relay = legs.start()) {
      try (Connection c = relay.connect("", "app", "app", "sslMode=REQUIRED")) {
        return c.isValid(5);
      } catch (SQLException e) {
        assertThat(relay.count("crossfade.relay.tls.failures", "leg", "mysql")).isEqualTo(1);
        return false;
      }
    }
  }

  /** Nothing at all; half of a packet. */
  @ParameterizedTest
  @ValueSource(strings = {"", "400000010d"})
  void aSlowLoginEndsAsItDoesAtMySql(String sent) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(sent);
    byte[] direct;
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement()) {
      s.execute("SET GLOBAL connect_timeout = 2");
      try {
        direct = answerTo(mysql.port(), bytes);
      } finally {
        s.execute("SET GLOBAL connect_timeout = 10");
      }
    }
    try (RelayFixture relay = impatient().start()) {
      byte[] proxied = answerTo(relay.address.getPort(), bytes);
      assertThat(proxied).isEqualTo(direct).isNotEmpty();
      assertThat(relay.count("crossfade.relay.login.refused", "reason", "time")).isEqualTo(1);
    }
  }

  private static byte[] answerTo(int port, byte[] bytes) throws Exception {
    try (PlainClient client = PlainClient.tcp(port)) {
      client.packet();
      client.sendRaw(bytes);
      return client.rest();
    }
  }

  @Test
  void aSlowTlsHandshakeIsEndedToo() throws Exception {
    try (RelayFixture relay = impatient().start();
        PlainClient client = PlainClient.tcp(relay.address.getPort())) {
      client.packet();
      byte[] request = new byte[32];
      request[1] = 0x0A;
      request[2] = 0x08;
      client.send(1, request);
      assertThat(client.rest()).isEmpty();
      await().untilAsserted(() -> assertThat(relay.server.connections()).isZero());
    }
  }

  @Test
  void whoHasLoggedInMayBeAsSlowAsItLikes() throws Exception {
    LegsUnderTest legs = legs();
    legs.login = Duration.ofSeconds(3);
    try (RelayFixture relay = legs.start();
        Connection c = relay.connect("");
        Statement s = c.createStatement()) {
      s.execute("SELECT SLEEP(4)");
      assertThat(c.isValid(5)).isTrue();
    }
  }
}

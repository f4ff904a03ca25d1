package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.sandbox.EmbeddedMariaDb;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.session.LegSettings.ProxyHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol on both legs. */
@Timeout(120)
class ProxyProtocolIT {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static MySqlServer mysql;

  @BeforeAll
  static void start() {
    mysql = SharedServers.mysql();
  }

  private static LegsUnderTest behindABalancer() {
    LegsUnderTest legs = new LegsUnderTest(mysql.host(), mysql.port());
    legs.proxiesFrom("127.0.0.0", 8);
    legs.login = Duration.ofMillis(700);
    return legs;
  }

  private static byte[] header(String text) {
    return text.startsWith(SIGNATURE)
        ? HexFormat.of().parseHex(text)
        : (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static Connection connect(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mysql://127.0.0.1:" + port + "/?sslMode=REQUIRED&connectTimeout=5000", "app", "app");
  }

  /** Version 1 and 2, IPv4 and IPv6; then those that do not tell an address. */
  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 10.1.2.3 10.9.9.9 4444 3306, /10.1.2.3:4444",
    "PROXY TCP6 fd00::7 fd00::8 4444 3306, /[fd00:0:0:0:0:0:0:7]:4444",
    SIGNATURE + "2111000c0a0102030a090909115c0cea, /10.1.2.3:4444",
    SIGNATURE
        + "21210024fd000000000000000000000000000007fd000000000000000000000000000008115c0cea,"
        + " /[fd00:0:0:0:0:0:0:7]:4444",
    "PROXY UNKNOWN, /127.0.0.1:",
    SIGNATURE + "20000000, /127.0.0.1:"
  })
  void theHeadersSourceIsTheClientsAddress(String header, String address) throws Exception {
    ScriptedPlugin plugin = new ScriptedPlugin();
    plugin.attentive = true;
    try (RelayFixture relay = behindABalancer().start(plugin);
        Balancer balancer = new Balancer(relay.address.getPort(), header(header));
        Connection c = connect(balancer.port())) {
      assertThat(c.isValid(5)).isTrue();
      assertThat(plugin.exchanges)
          .isNotEmpty()
          .allSatisfy(e -> assertThat(e.session().client().toString()).startsWith(address));
      assertThat(relay.count("crossfade.relay.proxy.headers", "result", "accepted")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "PROXY TCP4 10.1.2.3",
        "PROXY TCP4 300.1.2.3 10.9.9.9 4444 3306",
        SIGNATURE + "3111000c0a0102030a090909115c0cea"
      })
  void aMalformedHeaderClosesTheConnectionAtOnce(String header) throws Exception {
    LegsUnderTest legs = behindABalancer();
    legs.login = Duration.ofMinutes(5);
    try (RelayFixture relay = legs.start();
        PlainClient client = PlainClient.tcp(relay.address.getPort())) {
      client.sendRaw(header(header));
      assertThat(client.rest()).isEmpty();
      await()
          .untilAsserted(
              () ->
                  assertThat(relay.count("crossfade.relay.proxy.headers", "result", "malformed"))
                      .isEqualTo(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PROXY TCP4 10.1."})
  void aHeaderThatDoesNotComeInTimeClosesTheConnection(String begun) throws Exception {
    try (RelayFixture relay = behindABalancer().start();
        PlainClient client = PlainClient.tcp(relay.address.getPort())) {
      client.sendRaw(begun.getBytes(StandardCharsets.US_ASCII));
      assertThat(client.rest()).isEmpty();
      assertThat(relay.count("crossfade.relay.login.refused", "reason", "time")).isEqualTo(1);
    }
  }

  @Test
  void aHeaderFromElsewhereIsNotBelieved() throws Exception {
    LegsUnderTest legs = behindABalancer();
    legs.proxiesFrom.clear();
    legs.proxiesFrom("10.0.0.0", 8);
    try (RelayFixture relay = legs.start();
        Balancer liar =
            new Balancer(
                relay.address.getPort(), header("PROXY TCP4 10.1.2.3 10.9.9.9 4444 3306"));
        Connection direct = connect(relay.address.getPort())) {
      assertThat(direct.isValid(5)).isTrue();
      assertThatThrownBy(() -> connect(liar.port())).isInstanceOf(SQLException.class);
      assertThat(relay.count("crossfade.relay.proxy.headers", "result", "accepted")).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"V1", "V2"})
  void mysqlIsToldTheClientsAddressAheadOfEverything(ProxyHeader version) throws Exception {
    try (ServerSocket scripted = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LegsUnderTest legs = new LegsUnderTest("127.0.0.1", scripted.getLocalPort());
      legs.sendProxyHeader = version;
      legs.proxiesFrom("127.0.0.0", 8);
      try (RelayFixture relay = legs.start();
          PlainClient client = PlainClient.tcp(relay.address.getPort())) {
        client.sendRaw(header("PROXY TCP4 10.1.2.3 10.9.9.9 4444 3306"));
        byte[] expected =
            version == ProxyHeader.V1
                ? header("PROXY TCP4 10.1.2.3 10.9.9.9 4444 3306")
                : header(SIGNATURE + "2111000c0a0102030a090909115c0cea");
        try (Socket accepted = scripted.accept()) {
          accepted.setSoTimeout(10_000);
          assertThat(accepted.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"V1", "V2"})
  void aRealMariaDbSeesTheClientsAddress(ProxyHeader version) throws Exception {
    try (EmbeddedMariaDb maria =
        EmbeddedMariaDb.start(
            MySqlOptions.temporary().withFlags("--proxy-protocol-networks=127.0.0.1"))) {
      LegsUnderTest legs = new LegsUnderTest(maria.host(), maria.port());
      legs.sendProxyHeader = version;
      legs.proxiesFrom("127.0.0.0", 8);
      try (RelayFixture relay = legs.start();
          Balancer balancer =
              new Balancer(
                  relay.address.getPort(), header("PROXY TCP4 10.1.2.3 10.9.9.9 4444 3306"));
          Connection c =
              DriverManager.getConnection(
                  "jdbc:mariadb://127.0.0.1:" + balancer.port() + "/", "app", "app");
          Statement s = c.createStatement();
          ResultSet r = s.executeQuery("SELECT USER()")) {
        assertThat(r.next()).isTrue();
        assertThat(r.getString(1)).isEqualTo("app@10.1.2.3");
      }
    }
  }

  @Test
  void severalAddressesAreListenedOn() throws Exception {
    LegsUnderTest legs = new LegsUnderTest(mysql.host(), mysql.port());
    legs.listen.add(new InetSocketAddress("127.0.0.1", 0));
    try (RelayFixture relay = legs.start()) {
      assertThat(relay.addresses).hasSize(2).doesNotHaveDuplicates();
      for (var address : relay.addresses) {
        try (Connection c = connect(((InetSocketAddress) address).getPort())) {
          assertThat(c.isValid(5)).isTrue();
        }
      }
    }
  }
}

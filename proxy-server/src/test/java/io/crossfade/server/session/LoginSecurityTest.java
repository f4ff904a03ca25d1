package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.server.protocol.Capabilities;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a login must have before it goes on: a safe way for the password, and a client in time. */
class LoginSecurityTest {
  private static final long WITHOUT_TLS =
      Capabilities.PROTOCOL_41 | Capabilities.SECURE_CONNECTION | Capabilities.PLUGIN_AUTH;
  private static final long SERVER = WITHOUT_TLS | Capabilities.SSL;
  private static final String LOGIN_OK = "00000002000000";
  private static final HexFormat HEX = HexFormat.of();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakePort client = new FakePort();
  private final FakePort backend = new FakePort();
  private final EmbeddedChannel loop = new EmbeddedChannel();
  private Session session = session(false);

  @AfterEach
  void close() {
    session.close();
    loop.finishAndReleaseAll();
  }

  private Session session(boolean requireTls) {
    RelaySettings settings = SessionFixture.settings();
    LegSettings legs = settings.legs();
    settings =
        settings.withLegs(
            new LegSettings(
                legs.listen(),
                requireTls,
                legs.clientTls(),
                legs.mysqlTls(),
                legs.proxiesFrom(),
                legs.sendProxyHeader(),
                legs.tcp(),
                legs.login()));
    SessionContext context =
        new SessionContext(
            settings,
            List.of(),
            new WatchedNames(List.of()),
            new DruidSqlAnalyzer(),
            new RelayMetrics(meters));
    return new Session(context, client, backend, loop.eventLoop());
  }

  @Test
  void aClientWithoutTlsIsRefusedWithMySqlsErrorWhenTlsIsRequired() {
    session = session(true);
    fromServer(0, greeting(SERVER));
    client.taken();
    fromClient(1, response(WITHOUT_TLS));
    assertThat(client.taken())
        .isEqualTo(
            error(
                2,
                3159,
                "HY000",
                "Connections using insecure transport are prohibited while"
                    + " --require_secure_transport=ON."));
    assertThat(client.closed).isTrue();
    assertThat(backend.taken()).as("MySQL never sees the login").isEmpty();
    assertThat(refused("require-tls")).isEqualTo(1);
  }

  @Test
  void aClientUnderTlsGoesOnWhenTlsIsRequired() {
    session = session(true);
    fromServer(0, greeting(SERVER));
    fromClient(1, response(SERVER).substring(0, 64));
    fromClient(2, response(SERVER));
    assertThat(backend.taken()).endsWith(packet(2, response(SERVER)));
    assertThat(client.closed).isFalse();
  }

  @Test
  void aClientOnASocketNeedsNoTlsButItsLegToMySqlIsPutUnderIt() {
    session = session(true);
    client.local = true;
    fromServer(0, greeting(SERVER));
    client.taken();
    fromClient(1, response(WITHOUT_TLS));
    assertThat(backend.tls).isTrue();
    assertThat(client.tls).isFalse();
    String wanted = response(SERVER);
    assertThat(backend.taken()).isEqualTo(packet(1, wanted.substring(0, 64)) + packet(2, wanted));

    fromServer(3, "0104");
    assertThat(client.taken()).as("the client's own numbering").isEqualTo(packet(2, "0104"));
    fromClient(3, "70617373");
    assertThat(backend.taken()).isEqualTo(packet(4, "70617373"));
    fromServer(5, LOGIN_OK);
    assertThat(client.taken()).isEqualTo(packet(4, LOGIN_OK));

    fromClient(0, "0e");
    assertThat(backend.taken()).as("commands begin anew").isEqualTo(packet(0, "0e"));
    fromServer(1, LOGIN_OK);
    assertThat(client.taken()).isEqualTo(packet(1, LOGIN_OK));
  }

  @Test
  void aSocketOnBothLegsIsRelayedAsItIs() {
    client.local = true;
    backend.local = true;
    fromServer(0, greeting(SERVER));
    fromClient(1, response(WITHOUT_TLS));
    assertThat(backend.taken()).isEqualTo(packet(1, response(WITHOUT_TLS)));
    assertThat(backend.tls).isFalse();
  }

  @Test
  void aClientOnASocketIsRefusedWhenItsPasswordWouldGoInClearToMySql() {
    client.local = true;
    fromServer(0, greeting(WITHOUT_TLS));
    client.taken();
    fromClient(1, response(WITHOUT_TLS));
    assertThat(client.taken())
        .contains("000002ff570c" + text("#HY000A client on a unix socket needs a MySQL"));
    assertThat(backend.taken()).isEmpty();
    assertThat(client.closed).isTrue();
    assertThat(refused("insecure-mysql-leg")).isEqualTo(1);
  }

  @Test
  void aClientThatSaysNothingGetsMySqlsTimeout() {
    fromServer(0, greeting(SERVER));
    client.taken();
    assertThat(session.loginTimeUp()).isTrue();
    assertThat(client.taken()).isEqualTo(timeout(1));
    assertThat(client.closed).isTrue();
    assertThat(backend.closed).isTrue();
    assertThat(refused("time")).isEqualTo(1);
  }

  @Test
  void theTimeoutIsNumberedAfterAHalfPacket() {
    fromServer(0, greeting(SERVER));
    client.taken();
    give(true, packet(1, response(WITHOUT_TLS)).substring(0, 20));
    assertThat(session.loginTimeUp()).isTrue();
    assertThat(client.taken()).isEqualTo(timeout(2));
  }

  @Test
  void aSlowMySqlIsNotTheClientsFault() {
    assertThat(session.loginTimeUp()).as("no greeting yet").isFalse();
    fromServer(0, greeting(SERVER));
    fromClient(1, response(WITHOUT_TLS));
    assertThat(session.loginTimeUp()).as("no answer yet").isFalse();
    fromServer(2, LOGIN_OK);
    assertThat(session.loginTimeUp()).as("logged in").isTrue();
    assertThat(client.closed).isFalse();
  }

  @Test
  void aLoginUnderWayAndAClientThatHasJustLoggedInAreNotDrained() {
    fromServer(0, greeting(SERVER));
    session.drain();
    assertThat(client.closed).isFalse();
    fromClient(1, response(WITHOUT_TLS));
    fromServer(2, LOGIN_OK);
    assertThat(client.closed).as("it wants to send something").isFalse();
    loop.advanceTimeBy(4, TimeUnit.SECONDS);
    loop.runScheduledPendingTasks();
    assertThat(client.closed).isTrue();
  }

  private double refused(String reason) {
    return meters.counter("crossfade.relay.login.refused", "reason", reason).count();
  }

  private void fromClient(int sequence, String payload) {
    give(true, packet(sequence, payload));
  }

  private void fromServer(int sequence, String payload) {
    give(false, packet(sequence, payload));
  }

  private void give(boolean byClient, String hex) {
    if (byClient) {
      session.onClient(Unpooled.wrappedBuffer(HEX.parseHex(hex)));
      session.onClientReadComplete();
    } else {
      session.onServer(Unpooled.wrappedBuffer(HEX.parseHex(hex)));
      session.onServerReadComplete();
    }
  }

  private static String packet(int sequence, String payload) {
    int length = payload.length() / 2;
    return HEX.toHexDigits((byte) length)
        + HEX.toHexDigits((byte) (length >> 8))
        + "00"
        + HEX.toHexDigits((byte) sequence)
        + payload;
  }

  private static String text(String text) {
    return HEX.formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String error(int sequence, int code, String state, String message) {
    return packet(
        sequence,
        "ff"
            + HEX.toHexDigits((byte) code)
            + HEX.toHexDigits((byte) (code >> 8))
            + text("#" + state + message));
  }

  private static String timeout(int sequence) {
    return error(sequence, 1159, "08S01", "Got timeout reading communication packets");
  }

  private static String littleEndian(long flags) {
    return HEX.formatHex(
        new byte[] {(byte) flags, (byte) (flags >> 8), (byte) (flags >> 16), (byte) (flags >> 24)});
  }

  private static String response(long capabilities) {
    return littleEndian(capabilities)
        + "00000001"
        + "2d"
        + "00".repeat(23)
        + text("app\0")
        + "00"
        + text("mysql_native_password\0");
  }

  private static String greeting(long capabilities) {
    String flags = littleEndian(capabilities);
    return "0a"
        + text("8.0.31\0")
        + "07000000"
        + "61".repeat(8)
        + "00"
        + flags.substring(0, 4)
        + "ff0200"
        + flags.substring(4)
        + "15"
        + "00".repeat(10)
        + "62".repeat(12)
        + "00"
        + text("mysql_native_password\0");
  }
}

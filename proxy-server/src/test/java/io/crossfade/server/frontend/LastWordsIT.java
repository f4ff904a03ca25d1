package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.protocol.Capabilities;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What MySQL says before it closes reaches the client. */
class LastWordsIT {
  private static final String PACKET_TOO_LARGE = "ff8104";

  /** Within one packet, and more than the buffers of the kernel hold. */
  private static final int LARGE = 15_000_000;

  private static MySqlServer mysql;
  private static RelayFixture relay;

  @BeforeAll
  static void start() throws Exception {
    mysql = SharedServers.mysql();
    relay = new RelayFixture(mysql, List.of());
    maxPacket(1 << 20);
  }

  @AfterAll
  static void stop() throws Exception {
    maxPacket(64 << 20);
    relay.close();
  }

  private static void maxPacket(int size) throws SQLException {
    try (Connection root = mysql.connect("");
        Statement statement = root.createStatement()) {
      statement.execute("SET GLOBAL max_allowed_packet = " + size);
    }
  }

  @RepeatedTest(10)
  void aCommandThatMySqlFindsTooLargeIsAnsweredByItsError() throws Exception {
    assertThat(answerToLarge(relay.address.getPort())).startsWith(PACKET_TOO_LARGE);
  }

  @Test
  void aCommandThatMySqlFindsTooLargeIsAnsweredDirectlyToo() throws Exception {
    assertThat(answerToLarge(mysql.port())).startsWith(PACKET_TOO_LARGE);
  }

  /** The whole answer to a command of which not all can be sent, without its packet's header. */
  private static String answerToLarge(int port) throws Exception {
    try (RawClient client = new RawClient("127.0.0.1", port, "", 0)) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.sendQuery("SELECT LENGTH('" + "x".repeat(LARGE) + "')");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      sending.handle((sent, failed) -> "either way").get(20, TimeUnit.SECONDS);
      byte[] header = client.input().readNBytes(4);
      return header.length < 4
          ? "nothing"
          : ByteBufUtil.hexDump(client.input().readNBytes(header[0] & 0xFF));
    }
  }

  @Test
  void anIdleSessionThatMySqlEndsIsSeenAsDirectly() throws Exception {
    List<String> direct = idle(mysql.port());
    assertThat(direct).isNotEmpty();
    assertThat(idle(relay.address.getPort())).isEqualTo(direct);
  }

  private static List<String> idle(int port) throws Exception {
    try (RawClient client = new RawClient("127.0.0.1", port, "", Capabilities.SESSION_TRACK)) {
      client.query("SET wait_timeout = 1");
      return List.of(ByteBufUtil.hexDump(client.input().readAllBytes()));
    }
  }

  /** Real MySQL never blocks loopback. */
  @Test
  void aBlockedHostIsToldSo() throws Exception {
    byte[] text =
        "\u0069\u0004Host '192.0.2.1' is blocked because of many connection errors"
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] packet = new byte[5 + text.length];
    packet[0] = (byte) (text.length + 1);
    packet[4] = (byte) 0xFF;
    System.arraycopy(text, 0, packet, 5, text.length);
    try (ServerSocket blocking = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RelayFixture before =
            new RelayFixture(
                RelayFixture.settings("127.0.0.1", blocking.getLocalPort(), 1), List.of());
        Socket client = new Socket("127.0.0.1", before.address.getPort())) {
      client.setSoTimeout(20_000);
      try (Socket accepted = blocking.accept()) {
        accepted.getOutputStream().write(packet);
      }
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(packet);
    }
  }
}

package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Unix sockets on either leg, against a real MySQL. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class UnixSocketIT {
  private MySqlServer mysql;
  private Path directory;
  private Path socket;

  @BeforeEach
  void start() throws Exception {
    mysql = SharedServers.mysql();
    // A unix socket's path is short.
    directory = Files.createTempDirectory("crossfade");
    socket = directory.resolve("my.sock");
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement()) {
      s.execute("FLUSH PRIVILEGES"); // forgets cached passwords: logins authenticate fully
    }
  }

  @AfterEach
  void delete() throws Exception {
    Files.deleteIfExists(socket);
    Files.delete(directory);
  }

  private LegsUnderTest legs() {
    LegsUnderTest legs = new LegsUnderTest(mysql.host(), mysql.port());
    legs.listen.add(new DomainSocketAddress(socket.toString()));
    return legs;
  }

  @Test
  void aClientOnASocketLogsInFullyWhileItsPasswordTravelsToMySqlUnderTls() throws Exception {
    try (RelayFixture relay = legs().start();
        PlainClient client = PlainClient.unix(socket)) {
      assertThat(client.loginInClear("sha2", "sha2")[4]).isZero();
      assertThat(client.sequences).containsExactly(0, 2, 4);
      assertThat(client.value("SHOW SESSION STATUS LIKE 'Ssl_version'")).startsWith("TLSv1.");
      assertThat(client.value("SELECT 'ends in time'")).isEqualTo("ends in time");
      assertThat(relay.server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aWrongPasswordIsRefusedInTheClientsOwnNumbering() throws Exception {
    try (RelayFixture relay = legs().start();
        PlainClient client = PlainClient.unix(socket)) {
      byte[] end = client.loginInClear("sha2", "wrong");
      assertThat(end[4] & 0xFF).isEqualTo(0xFF);
      assertThat((end[5] & 0xFF) | (end[6] & 0xFF) << 8).isEqualTo(1045);
      assertThat(client.sequences).containsExactly(0, 2, 4);
      assertThat(relay.count("crossfade.relay.login.failures")).isEqualTo(1);
    }
  }

  @Test
  void bothLegsAreSockets() throws Exception {
    LegsUnderTest legs = new LegsUnderTest(new DomainSocketAddress(mysqlSocket()));
    legs.listen.add(new DomainSocketAddress(socket.toString()));
    try (RelayFixture relay = legs.start();
        PlainClient client = PlainClient.unix(socket);
        Connection overTls = relay.connect("", "app", "app", "sslMode=REQUIRED")) {
      assertThat(client.loginInClear("sha2", "sha2")[4]).isZero();
      assertThat(client.value("SHOW SESSION STATUS LIKE 'Ssl_version'")).isEmpty();
      assertThat(client.value("SELECT USER()")).isEqualTo("sha2@localhost");
      assertThat(overTls.isValid(5)).isTrue();
    }
  }

  private String mysqlSocket() throws Exception {
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT @@datadir, @@socket")) {
      r.next();
      return Path.of(r.getString(1)).resolve(r.getString(2)).toString();
    }
  }

  @Test
  void everybodyMayConnectAsAtMySqlAndTheFileGoesWithTheProxy() throws Exception {
    try (RelayFixture relay = legs().start()) {
      assertThat(relay.address.getPort()).isPositive();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rwxrwxrwx");
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void theFileOfADeadProcessIsReplaced() throws Exception {
    ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    dead.bind(UnixDomainSocketAddress.of(socket)).close();
    assertThat(socket).exists();
    try (RelayFixture relay = legs().start();
        PlainClient client = PlainClient.unix(socket)) {
      assertThat(client.packet()).isNotEmpty();
      assertThat(relay.server.connections()).isEqualTo(1);
    }
  }

  @Test
  void theSocketOfALivingProcessIsRefused() throws Exception {
    try (ServerSocketChannel living = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      living.bind(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(() -> legs().start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("unix:" + socket)
          .hasMessageContaining("another process listens there");
    }
    assertThat(socket).exists();
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws Exception {
    Files.writeString(socket, "precious");
    assertThatThrownBy(() -> legs().start()).hasMessageContaining("a file that is no socket");
    assertThat(socket).hasContent("precious");
  }
}

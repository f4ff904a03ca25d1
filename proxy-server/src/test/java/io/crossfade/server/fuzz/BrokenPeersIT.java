package io.crossfade.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.frontend.RawClient;
import io.crossfade.server.frontend.RelayServer;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Clients and a MySQL that break the protocol, on real sockets: the relay serves the next client as
 * if nothing had been, and nothing is left of the others.
 */
class BrokenPeersIT {
  private static final Duration LASTING = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LISTEN_MILLIS = 30;
  private static final long[] CAPABILITIES = {
    0,
    Capabilities.DEPRECATE_EOF | Capabilities.QUERY_ATTRIBUTES,
    Capabilities.SESSION_TRACK | Capabilities.MULTI_STATEMENTS,
  };

  private final Random random = new Random(1);

  @Test
  void brokenClientsLeaveNothingBehind() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("broken");
    try (LeakReports leaks = new LeakReports();
        RelayServer relay = relay(mysql.host(), mysql.port())) {
      int port = port(relay);
      long base = sessions(mysql, schema);
      long end = System.nanoTime() + LASTING.toNanos();
      int conversations = 0;
      while (System.nanoTime() < end) {
        if (random.nextInt(3) == 0) {
          beforeTheLogin(port);
        } else {
          afterTheLogin(port, schema);
        }
        conversations++;
      }
      assertThat(conversations).isGreaterThan(10);
      serves(port, schema);
      await().atMost(PATIENCE).until(() -> relay.connections() == 0);
      await().atMost(PATIENCE).until(() -> sessions(mysql, schema) == base);
      assertThat(leaks.found()).isEmpty();
    }
  }

  @Test
  void aBrokenMySqlLeavesNothingBehind() throws Exception {
    try (LeakReports leaks = new LeakReports();
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RelayServer relay = relay("127.0.0.1", server.getLocalPort())) {
      Thread mysql = new Thread(() -> brokenMySql(server), "broken-mysql");
      mysql.start();
      int port = port(relay);
      long end = System.nanoTime() + LASTING.toNanos();
      int answered = 0;
      while (System.nanoTime() < end) {
        try (Socket socket = connect(port)) {
          answered += heard(socket) > 0 ? 1 : 0;
          write(socket, Login.response(Login.capabilities(draw())));
          heard(socket);
          for (int i = 0; i < 6; i++) {
            write(socket, script().next().packet);
            heard(socket);
          }
        }
      }
      assertThat(answered).isGreaterThan(10);
      await().atMost(PATIENCE).until(() -> relay.connections() == 0);
      server.close();
      mysql.join(PATIENCE.toMillis());
      assertThat(leaks.found()).isEmpty();
    }
  }

  private static RelayServer relay(String host, int port) {
    RelaySettings settings =
        new RelaySettings(
            new InetSocketAddress("127.0.0.1", 0),
            new InetSocketAddress(host, port),
            null,
            null,
            Duplex.INSPECT_LIMIT,
            Duration.ofSeconds(1),
            200,
            Duration.ofSeconds(5),
            2);
    return new RelayServer(
        settings,
        List.of(),
        new WatchedNames(List.of(new TableName("broken", "watched"))),
        new DruidSqlAnalyzer(),
        new SimpleMeterRegistry());
  }

  private static int port(RelayServer relay) {
    return ((InetSocketAddress) relay.start().get(0)).getPort();
  }

  private static void serves(int port, String schema) throws Exception {
    try (RawClient client = new RawClient("127.0.0.1", port, schema, 0)) {
      assertThat(client.query("SELECT 1")).isNotEmpty();
    }
  }

  private static long sessions(MySqlServer mysql, String schema) throws SQLException {
    try (Connection connection = mysql.connect("");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'app'"
                    + " AND (db IS NULL OR db = '"
                    + schema
                    + "')")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void beforeTheLogin(int port) throws IOException {
    try (Socket socket = connect(port)) {
      heard(socket);
      for (int i = 0; i < 3; i++) {
        write(socket, mutated(Login.response(Login.capabilities(draw()))));
        heard(socket);
      }
    }
  }

  private void afterTheLogin(int port, String schema) throws Exception {
    long capabilities = CAPABILITIES[random.nextInt(CAPABILITIES.length)];
    try (RawClient client = new RawClient("127.0.0.1", port, schema, capabilities)) {
      OutputStream out = client.output();
      Script script = script();
      for (int i = 0; i < 8; i++) {
        byte[] packet = script.next().packet;
        out.write(random.nextInt(3) == 0 ? mutated(packet) : packet);
        out.flush();
      }
    } catch (IOException ended) {
      // The relay or MySQL has had enough of it.
    }
  }

  /** Every connection gets a greeting, an OK and answers, any of them broken. */
  private void brokenMySql(ServerSocket server) {
    Random own = new Random(2);
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.setSoTimeout(20);
        write(socket, own.nextInt(3) == 0 ? mutated(Login.greeting(), own) : Login.greeting());
        heard(socket);
        write(socket, own.nextInt(5) == 0 ? mutated(Login.ok(), own) : Login.ok());
        for (int i = 0; i < 6 && heard(socket) >= 0; i++) {
          byte[] bytes = new byte[200];
          own.nextBytes(bytes);
          Reply reply = new Reply(new Draw(bytes), Capabilities.PROTOCOL_41);
          byte[] answer = reply.results(false, true, false).stages().get(0);
          write(socket, own.nextBoolean() ? mutated(answer, own) : answer);
        }
      } catch (IOException ended) {
        // The next one.
      }
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(LISTEN_MILLIS);
    return socket;
  }

  /** What comes at once; -1 at the end. */
  private static int heard(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      return in.read(new byte[1 << 16]);
    } catch (SocketTimeoutException silence) {
      return 0;
    } catch (IOException ended) {
      return -1;
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException ended) {
      // Seen by whoever reads next.
    }
  }

  private Draw draw() {
    byte[] bytes = new byte[400];
    random.nextBytes(bytes);
    return new Draw(bytes);
  }

  private Script script() {
    return new Script(draw(), Capabilities.PROTOCOL_41, true, false);
  }

  private byte[] mutated(byte[] packet) {
    return mutated(packet, random);
  }

  private static byte[] mutated(byte[] packet, Random random) {
    byte[] out = packet.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      out[random.nextInt(Math.min(out.length, 40))] = (byte) random.nextInt();
    }
    return out;
  }
}

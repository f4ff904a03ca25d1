package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.Compression.Algorithm;
import io.crossfade.server.session.RelaySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that compress, on real sockets against real MySQL. */
class CompressionIT {
  private static final long USUAL =
      Capabilities.LOCAL_FILES
          | Capabilities.MULTI_STATEMENTS
          | Capabilities.MULTI_RESULTS
          | Capabilities.TRANSACTIONS;

  private static MySqlServer mysql;
  private static String schema;
  private static EquivalencePlay play;
  private static RelayFixture relay;
  private static RelayFixture asClient;

  @BeforeAll
  static void start() throws Exception {
    mysql = SharedServers.mysql();
    schema = mysql.createSchema("compressed");
    play =
        new EquivalencePlay(
            mysql,
            SqlScript.read("common.sql", "mysql.sql"),
            SharedServers.uniqueSchema("compress"));
    relay = new RelayFixture(mysql, play.tables(), new ScriptedPlugin());
    RelaySettings settings = RelayFixture.settings(mysql.host(), mysql.port(), 100);
    asClient =
        new RelayFixture(
            settings.withLegs(settings.legs().withCompressionToMysql(true)),
            List.of(),
            new ScriptedPlugin());
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement()) {
      s.execute("SET GLOBAL max_allowed_packet = 67108864");
      s.execute("CREATE TABLE big (id INT PRIMARY KEY AUTO_INCREMENT, v LONGBLOB)");
    }
  }

  @AfterAll
  static void stop() {
    relay.close();
    asClient.close();
  }

  @ParameterizedTest
  @CsvSource({"ZLIB,100000,0", "ZLIB,61,16777216", "ZSTD,100000,16777216"})
  void everyPacketIsTheSame(Algorithm algorithm, int contentLimit, long more) throws Exception {
    Map<String, List<String>> direct =
        played(mysql.host(), mysql.port(), algorithm, contentLimit, USUAL | more, false);
    for (RelayFixture each : List.of(relay, asClient)) {
      Map<String, List<String>> relayed =
          played("127.0.0.1", each.address.getPort(), algorithm, contentLimit, USUAL | more, true);
      StringBuilder differences = new StringBuilder();
      direct.forEach(
          (name, packets) ->
              differences.append(
                  EquivalencePlay.difference(
                      name, packets, relayed.getOrDefault(name, List.of()))));
      assertThat(differences.toString()).isEmpty();
    }
  }

  private static Map<String, List<String>> played(
      String host,
      int port,
      Algorithm algorithm,
      int contentLimit,
      long capabilities,
      boolean strict)
      throws Exception {
    try (CompressingBridge bridge = new CompressingBridge(host, port, algorithm, contentLimit)) {
      Map<String, List<String>> seen = play.play(bridge.port(), capabilities, false, Map.of());
      // MySQL itself sends a last packet out of order, and zstd that is longer than its content.
      assertThat(strict ? bridge.complaints : List.of()).isEmpty();
      return seen;
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void mySqlIsCompressedToOnlyAsConfigured(Algorithm algorithm) throws Exception {
    for (RelayFixture each : List.of(relay, asClient)) {
      try (CompressingBridge bridge =
              new CompressingBridge("127.0.0.1", each.address.getPort(), algorithm, 1 << 20);
          RawClient client = new RawClient("127.0.0.1", bridge.port(), schema, 0)) {
        String status =
            new String(
                java.util.HexFormat.of()
                    .parseHex(String.join("", client.query("SHOW STATUS LIKE 'Compression%'"))),
                StandardCharsets.ISO_8859_1);
        assertThat(status).contains(each == relay ? "\3OFF" : "\2ON");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "useCompression=true&sslMode=DISABLED",
    "useCompression=true&sslMode=REQUIRED",
    "useCompression=true&sslMode=DISABLED&useServerPrepStmts=true",
    "useCompression=true&sslMode=REQUIRED&useServerPrepStmts=true"
  })
  void connectorJCarriesLargeValues(String options) throws Exception {
    byte[] big = new byte[17 << 20];
    new java.util.Random(5).nextBytes(big);
    Arrays.fill(big, 0, big.length / 2, (byte) 'x');
    for (RelayFixture each : List.of(relay, asClient)) {
      try (Connection c =
              DriverManager.getConnection(
                  each.url(
                      schema, options + "&allowPublicKeyRetrieval=true&maxAllowedPacket=67108864"),
                  "app",
                  "app");
          PreparedStatement p =
              c.prepareStatement("INSERT INTO big(v) VALUES (?)", Statement.RETURN_GENERATED_KEYS);
          PreparedStatement q = c.prepareStatement("SELECT v FROM big WHERE id = ?")) {
        p.setBytes(1, big);
        assertThat(p.executeUpdate()).isEqualTo(1);
        try (ResultSet key = p.getGeneratedKeys()) {
          assertThat(key.next()).isTrue();
          q.setLong(1, key.getLong(1));
        }
        for (int i = 0; i < 2; i++) {
          try (ResultSet r = q.executeQuery()) {
            assertThat(r.next()).isTrue();
            assertThat(r.getBytes(1)).isEqualTo(big);
          }
        }
      }
    }
  }

  @Test
  void mariaDbsDriverPipelinesAndCompresses() throws Exception {
    for (RelayFixture each : List.of(relay, asClient)) {
      try (Connection c =
              new org.mariadb.jdbc.Driver()
                  .connect(
                      each.url(
                              schema,
                              "permitMysqlScheme&useCompression=true&sslMode=disable"
                                  + "&useServerPrepStmts=true&user=app&password=app")
                          .replace("jdbc:mysql:", "jdbc:mariadb:"),
                      new java.util.Properties());
          PreparedStatement p = c.prepareStatement("INSERT INTO big(v) VALUES (?)")) {
        for (int i = 0; i < 200; i++) {
          p.setString(1, "v".repeat(i));
          p.addBatch();
        }
        assertThat(p.executeBatch()).hasSize(200);
        try (Statement s = c.createStatement();
            ResultSet r = s.executeQuery("SELECT COUNT(*) > 199 FROM big")) {
          assertThat(r.next()).isTrue();
          assertThat(r.getBoolean(1)).isTrue();
        }
      }
    }
  }

  @Test
  void theMariaDbCommandLineSeesTheSame() throws Exception {
    String sql =
        "SELECT REPEAT('a', 100000), VERSION(); SELECT 1; SHOW STATUS LIKE 'none'; SELECT 1/0;"
            + " SHOW WARNINGS; SELEC";
    assertThat(commandLine(relay.address.getPort(), sql))
        .isEqualTo(commandLine(mysql.port(), sql))
        .contains("aaaa", "ERROR 1064");
  }

  private static String commandLine(int port, String sql) throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "mariadb",
                  "--no-defaults",
                  "--compress",
                  "--protocol=tcp",
                  "-h127.0.0.1",
                  "-P" + port,
                  "-uapp",
                  "-papp",
                  "-f",
                  "-e",
                  sql)
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      Assumptions.abort("the mariadb command line is not installed");
      return "";
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  @Test
  void aChangeOfTheUserKeepsCompression() throws Exception {
    try (Connection c =
        DriverManager.getConnection(
            relay.url(schema, "useCompression=true&sslMode=DISABLED&allowPublicKeyRetrieval=true"),
            "app",
            "app")) {
      c.unwrap(com.mysql.cj.jdbc.JdbcConnection.class).changeUser("sha2", "sha2");
      try (Statement s = c.createStatement();
          ResultSet r = s.executeQuery("SELECT CURRENT_USER(), REPEAT('y', 5000)")) {
        assertThat(r.next()).isTrue();
        assertThat(r.getString(1)).startsWith("sha2@");
        assertThat(r.getString(2)).hasSize(5000);
      }
    }
  }
}

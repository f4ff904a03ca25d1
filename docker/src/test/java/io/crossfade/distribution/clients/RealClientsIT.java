package io.crossfade.distribution.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.workload.FollowerTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * I1 and I4 with clients as they are used: what each sees through the proxy is what it sees
 * directly, and HBase ends equal to MySQL.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealClientsIT {
  /** A client, with the schema that is its own. */
  record Client(ClientProgram program, String schema) {
    @Override
    public String toString() {
      return program.name();
    }
  }

  private final MySqlServer mysql = SharedServers.mysql();
  private final List<Client> clients = clients();
  private final Map<String, List<String>> direct = new HashMap<>();
  private final Map<String, Exception> failed = new HashMap<>();
  private ClientsProxy proxy;

  private static List<Client> clients() {
    String only = System.getProperty("crossfade.client", "");
    return List.of(
            new ConnectorJProgram(),
            new MariaDbConnectorProgram(),
            new HibernateProgram(),
            new FlywayProgram(),
            ScriptProgram.mariaDbCommandLine(),
            ScriptProgram.mysqldump(),
            ScriptProgram.mysql2(),
            ScriptProgram.pyMySql(),
            ScriptProgram.php())
        .stream()
        .filter(program -> program.name().startsWith(only))
        .map(program -> new Client(program, SharedServers.uniqueSchema("cl_" + program.name())))
        .toList();
  }

  /** The direct runs come first: the proxy must not see tables change behind its back. */
  @BeforeAll
  void runDirectly() throws Exception {
    for (Client client : clients) {
      if (client.program().missing().isEmpty()) {
        create(client.schema());
        try {
          Endpoint endpoint = new Endpoint(mysql.host(), mysql.port(), client.schema());
          direct.put(client.schema(), run(client, endpoint));
        } catch (Exception e) {
          failed.put(client.schema(), e);
        }
      }
      create(client.schema());
    }
    proxy =
        new ClientsProxy(
            mysql, SharedServers.hbase(), clients.stream().map(Client::schema).toList());
  }

  @AfterAll
  void stop() {
    proxy.close();
  }

  @Order(1)
  @ParameterizedTest(name = "{0}")
  @MethodSource("allClients")
  void seesTheSameThroughTheProxy(Client client) throws Exception {
    skipWhereMissing(client);
    if (failed.containsKey(client.schema())) {
      throw new AssertionError("the direct run failed", failed.get(client.schema()));
    }
    List<String> expected = Objects.requireNonNull(direct.get(client.schema()));
    List<String> seen = run(client, proxy.endpoint(client.schema()));
    keep(client, expected, seen);

    for (int i = 0; i < Math.min(expected.size(), seen.size()); i++) {
      int at = i;
      assertThat(seen.get(i))
          .as(() -> "after " + String.join("\n", expected.subList(Math.max(0, at - 8), at)))
          .isEqualTo(expected.get(i));
    }
    assertThat(seen).hasSameSizeAs(expected);
    assertThat(expected).as("what the program wrote down").hasSizeGreaterThan(20);
  }

  /** After all the others, so that the second looks at ranges that were marked go on together. */
  @Order(2)
  @ParameterizedTest(name = "{0}")
  @MethodSource("allClients")
  void leavesHBaseEqualToMySql(Client client) throws Exception {
    skipWhereMissing(client);
    IndependentComparison.Outcome outcome = proxy.compare(client.schema());
    assertThat(outcome.examples()).as("%s", outcome).isEmpty();
    assertThat(outcome.differing()).isZero();
    assertThat(outcome.compared()).as("rows left in the watched table").isPositive();
  }

  private static void skipWhereMissing(Client client) {
    Optional<String> missing = client.program().missing();
    if (missing.isPresent()) {
      abort(client + " is skipped, it needs: " + missing.get());
    }
  }

  List<Client> allClients() {
    return clients;
  }

  private static List<String> run(Client client, Endpoint endpoint) throws Exception {
    Transcript transcript = new Transcript();
    client.program().run(endpoint, transcript);
    return transcript.lines();
  }

  /** For whoever looks into a failure. */
  private static void keep(Client client, List<String> expected, List<String> seen)
      throws Exception {
    Path directory = Files.createDirectories(Path.of("target", "clients"));
    Files.write(directory.resolve(client + ".direct"), expected);
    Files.write(directory.resolve(client + ".proxied"), seen);
  }

  private void create(String schema) throws Exception {
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement()) {
      s.execute("DROP DATABASE IF EXISTS `" + schema + "`");
      FollowerTable.create(c, schema);
    }
  }
}

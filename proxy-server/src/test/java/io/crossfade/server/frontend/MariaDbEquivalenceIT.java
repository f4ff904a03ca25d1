package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.protocol.Capabilities;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same script straight to MariaDB and through the relay, with MariaDB's own capabilities;
 * masked as in {@link EquivalenceIT}. The order and number of progress reports are MariaDB's own.
 */
@EnabledIfSystemProperty(named = "crossfade.equivalence.mariadb", matches = "true")
class MariaDbEquivalenceIT {
  private static final long USUAL =
      Capabilities.LOCAL_FILES
          | Capabilities.TRANSACTIONS
          | Capabilities.MULTI_STATEMENTS
          | Capabilities.MULTI_RESULTS
          | 1L << 18;

  private static final Map<String, Long> CAPABILITIES =
      Map.of(
          "classic",
          USUAL | Capabilities.MYSQL,
          "connector",
          USUAL
              | Capabilities.DEPRECATE_EOF
              | Capabilities.SESSION_TRACK
              | Capabilities.CONNECT_ATTRS
              | Capabilities.MARIADB_STMT_BULK_OPERATIONS
              | Capabilities.MARIADB_CACHE_METADATA
              | Capabilities.MARIADB_EXTENDED_METADATA,
          "all",
          USUAL
              | Capabilities.SESSION_TRACK
              | Capabilities.MARIADB_PROGRESS
              | 1L << 33
              | Capabilities.MARIADB_STMT_BULK_OPERATIONS
              | Capabilities.MARIADB_CACHE_METADATA
              | Capabilities.MARIADB_EXTENDED_METADATA);

  private static final ScriptedPlugin PLUGIN = new ScriptedPlugin();
  private static final Map<String, Map<String, List<String>>> DIRECT = new HashMap<>();
  private static MySqlServer mariaDb;
  private static EquivalencePlay play;
  private static RelayFixture plain;
  private static RelayFixture watching;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = SharedServers.mariadb();
    play =
        new EquivalencePlay(
            mariaDb,
            SqlScript.read("common.sql", "mariadb.sql"),
            SharedServers.uniqueSchema("equal"));
    plain = new RelayFixture(mariaDb, List.of());
    watching = new RelayFixture(mariaDb, play.tables(), PLUGIN);
    PLUGIN.script = EquivalenceIT.ASKING_AND_LEARNING;
  }

  @AfterAll
  static void stop() {
    plain.close();
    watching.close();
  }

  @ParameterizedTest(name = "{0} binary={1} {2}")
  @CsvSource({
    "classic,false,unwatched",
    "connector,true,unwatched",
    "all,false,unwatched",
  })
  void everyPacketIsTheSame(String capabilities, boolean binary, String how) throws Exception {
    Map<String, List<String>> direct = direct(capabilities, binary);
    PLUGIN.attentive = how.equals("attentive");
    PLUGIN.clear();
    RelayFixture relay = how.equals("unwatched") ? plain : watching;
    Map<String, List<String>> relayed =
        play.play(
            relay.address.getPort(),
            Objects.requireNonNull(CAPABILITIES.get(capabilities)),
            binary,
            more());
    StringBuilder differences = new StringBuilder();
    direct.forEach(
        (name, seen) ->
            differences.append(
                EquivalencePlay.difference(name, seen, Objects.requireNonNull(relayed.get(name)))));
    assertThat(differences).asString().isEmpty();
    if (relay == watching) {
      assertThat(PLUGIN.exchanges).hasSizeGreaterThan(100);
    }
  }

  private static Map<String, List<String>> direct(String capabilities, boolean binary)
      throws Exception {
    String key = capabilities + binary;
    if (!DIRECT.containsKey(key)) {
      DIRECT.put(
          key,
          play.play(
              mariaDb.port(),
              Objects.requireNonNull(CAPABILITIES.get(capabilities)),
              binary,
              more()));
    }
    return DIRECT.get(key);
  }

  private static Map<String, ProtocolScenarios.Scenario> more() {
    Map<String, ProtocolScenarios.Scenario> more = new LinkedHashMap<>(ProtocolScenarios.common());
    more.putAll(MariaDbScenarios.all());
    return more;
  }
}

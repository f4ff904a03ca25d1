package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.protocol.Capabilities;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same script straight to MySQL and through the relay: every packet must be the same. What is
 * masked: the connection id, the nonces and the capabilities of the greeting; in answers that the
 * script marks, digits.
 */
class EquivalenceIT {
  private static final long PS_MULTI_RESULTS = 1L << 18;
  private static final long FOUND_ROWS = 2;
  private static final long LONG_FLAG = 4;
  private static final long NO_SCHEMA = 1L << 4;
  private static final long IGNORE_SPACE = 1L << 8;
  private static final long INTERACTIVE = 1L << 10;

  /** As the drivers combine them, and as none does. */
  private static final Map<String, Long> CAPABILITIES =
      Map.of(
          "few",
          0L,
          "classic",
          LONG_FLAG
              | Capabilities.LOCAL_FILES
              | Capabilities.TRANSACTIONS
              | Capabilities.MULTI_STATEMENTS
              | Capabilities.MULTI_RESULTS
              | PS_MULTI_RESULTS,
          "modern",
          LONG_FLAG
              | Capabilities.LOCAL_FILES
              | Capabilities.TRANSACTIONS
              | Capabilities.MULTI_STATEMENTS
              | Capabilities.MULTI_RESULTS
              | PS_MULTI_RESULTS
              | Capabilities.CONNECT_ATTRS
              | Capabilities.PLUGIN_AUTH_LENENC_DATA
              | Capabilities.SESSION_TRACK
              | Capabilities.DEPRECATE_EOF
              | Capabilities.QUERY_ATTRIBUTES,
          "tracking",
          Capabilities.LOCAL_FILES
              | Capabilities.MULTI_STATEMENTS
              | Capabilities.MULTI_RESULTS
              | Capabilities.SESSION_TRACK
              | Capabilities.OPTIONAL_RESULTSET_METADATA
              | FOUND_ROWS,
          "odd",
          Capabilities.MULTI_RESULTS
              | Capabilities.DEPRECATE_EOF
              | Capabilities.OPTIONAL_RESULTSET_METADATA
              | Capabilities.QUERY_ATTRIBUTES
              | FOUND_ROWS
              | NO_SCHEMA
              | IGNORE_SPACE
              | INTERACTIVE);

  /** As the plugins do: asks for the session's variables ahead of a SELECT, and learns from it. */
  static final Function<Exchange, CompletionStage<Verdict>> ASKING_AND_LEARNING =
      exchange ->
          exchange.statements().stream().allMatch(s -> s.statement().kind() == Kind.SELECT)
              ? exchange.session().facts().handle((facts, error) -> Verdict.forwardAndLearn())
              : CompletableFuture.completedFuture(Verdict.forward());

  private static final ScriptedPlugin PLUGIN = new ScriptedPlugin();
  private static final Map<String, Map<String, List<String>>> DIRECT = new HashMap<>();
  private static MySqlServer mysql;
  private static EquivalencePlay play;
  private static SqlScript script;
  private static RelayFixture plain;
  private static RelayFixture watching;

  @BeforeAll
  static void start() throws Exception {
    mysql = SharedServers.mysql();
    script = SqlScript.read("common.sql", "mysql.sql");
    play = new EquivalencePlay(mysql, script, SharedServers.uniqueSchema("equal"));
    plain = new RelayFixture(mysql, List.of());
    watching = new RelayFixture(mysql, play.tables(), PLUGIN);
    PLUGIN.script = ASKING_AND_LEARNING;
  }

  @AfterAll
  static void stop() {
    plain.close();
    watching.close();
  }

  @Test
  void theScriptIsLong() {
    assertThat(script.statements()).isGreaterThan(600);
  }

  @ParameterizedTest(name = "{0} binary={1} {2}")
  @CsvSource({
    "classic,false,unwatched",
    "classic,true,unwatched",
    "modern,false,unwatched",
    "modern,true,unwatched",
    "tracking,false,unwatched",
    "odd,true,unwatched",
    "modern,false,watched",
    "classic,true,attentive",
    "modern,false,attentive",
    "tracking,true,attentive",
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
            more(capabilities, binary));
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
              mysql.port(),
              Objects.requireNonNull(CAPABILITIES.get(capabilities)),
              binary,
              more(capabilities, binary)));
    }
    return DIRECT.get(key);
  }

  private static Map<String, ProtocolScenarios.Scenario> more(String capabilities, boolean binary) {
    Map<String, ProtocolScenarios.Scenario> more = new LinkedHashMap<>(ProtocolScenarios.common());
    more.put("short commands", ProtocolScenarios::shortOnes);
    if (capabilities.equals("modern") && !binary) {
      more.putAll(ProtocolScenarios.slow());
    }
    return more;
  }
}

package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A script straight to a server and through relays in front of it, one of which watches the
 * script's tables. What was seen directly is kept, so that each way to talk is played so only once.
 */
final class Equivalence implements AutoCloseable {
  /** As the plugins do: asks for the session's variables ahead of a SELECT, and learns from it. */
  private static final Function<Exchange, CompletionStage<Verdict>> ASKING_AND_LEARNING =
      exchange ->
          exchange.statements().stream().allMatch(s -> s.statement().kind() == Kind.SELECT)
              ? exchange.session().facts().handle((facts, error) -> Verdict.forwardAndLearn())
              : CompletableFuture.completedFuture(Verdict.forward());

  private final MySqlServer server;
  private final EquivalencePlay play;
  private final ScriptedPlugin plugin = new ScriptedPlugin();
  private final RelayFixture plain;
  private final RelayFixture watching;
  private final Map<Way, Map<String, List<String>>> direct = new HashMap<>();

  /** How a client talks. */
  private record Way(long capabilities, boolean binary) {}

  /** What the relay does besides. */
  enum Relay {
    UNWATCHED,
    WATCHED,
    /** Watching, for a plugin that wants to see every statement of the session. */
    ATTENTIVE
  }

  Equivalence(MySqlServer server, SqlScript script) throws SQLException {
    this.server = server;
    play = new EquivalencePlay(server, script, SharedServers.uniqueSchema("equal"));
    plain = new RelayFixture(server, List.of());
    watching = new RelayFixture(server, play.tables(), plugin);
    plugin.script = ASKING_AND_LEARNING;
  }

  /**
   * Plays the script and then {@code more}; fails with the first packet of every scenario that
   * differs.
   *
   * @param binary whether statements are prepared and executed
   * @param more the same whenever the other two are the same
   */
  void check(
      long capabilities, boolean binary, Map<String, ProtocolScenarios.Scenario> more, Relay how)
      throws Exception {
    Way way = new Way(capabilities, binary);
    if (!direct.containsKey(way)) {
      direct.put(way, play.play(server.port(), capabilities, binary, more));
    }
    plugin.attentive = how == Relay.ATTENTIVE;
    plugin.clear();
    RelayFixture relay = how == Relay.UNWATCHED ? plain : watching;
    Map<String, List<String>> relayed =
        play.play(relay.address.getPort(), capabilities, binary, more);
    StringBuilder differences = new StringBuilder();
    direct
        .get(way)
        .forEach(
            (name, seen) ->
                differences.append(
                    EquivalencePlay.difference(
                        name, seen, Objects.requireNonNull(relayed.get(name)))));
    assertThat(differences).asString().isEmpty();
    if (relay == watching) {
      assertThat(plugin.exchanges).hasSizeGreaterThan(100);
    }
  }

  @Override
  public void close() {
    plain.close();
    watching.close();
  }
}

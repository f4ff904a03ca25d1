package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Reply;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.protocol.Capabilities;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A script straight to a server and through relays in front of it, one of which watches the
 * script's tables. What was seen directly is kept, so that each way to talk is played so only once.
 */
final class Equivalence implements AutoCloseable {
  /**
   * As the plugins do: asks for the session's variables ahead of a SELECT, and learns from it; asks
   * for the rows ahead of an UPDATE or DELETE.
   */
  private static final Function<Exchange, CompletionStage<Verdict>> ASKING_AND_LEARNING =
      exchange -> {
        if (exchange.statements().stream().allMatch(s -> s.statement().kind() == Kind.SELECT)) {
          return exchange.session().facts().handle((facts, error) -> Verdict.forwardAndLearn());
        }
        String source = exchange.askable() ? source(exchange.statements().get(0).statement()) : "";
        return source.isEmpty()
            ? CompletableFuture.completedFuture(Verdict.forward())
            : exchange
                .session()
                .facts()
                .thenCompose(facts -> ask(exchange, source))
                .thenApply(reply -> Verdict.forward());
      };

  private static final AtomicInteger ASKED = new AtomicInteger();

  private static String source(Statement s) {
    Statement.Selection selection =
        s.update() != null
            ? s.update().selection()
            : s.delete() != null ? s.delete().selection() : null;
    return selection == null ? "" : selection.source();
  }

  private static CompletionStage<Reply> ask(Exchange exchange, String source) {
    ASKED.incrementAndGet();
    return exchange.ask(
        ("SELECT 1, 'x' FROM " + source + " LIMIT 1000 FOR UPDATE")
            .getBytes(StandardCharsets.US_ASCII));
  }

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
      if (!Capabilities.has(capabilities, Capabilities.SESSION_TRACK)) {
        // A client that tracks its session is told of transactions: nothing is asked then.
        assertThat(ASKED.get()).as("questions").isPositive();
      }
      ASKED.set(0);
    }
  }

  @Override
  public void close() {
    plain.close();
    watching.close();
  }
}

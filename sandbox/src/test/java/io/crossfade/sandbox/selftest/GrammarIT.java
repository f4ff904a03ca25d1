package io.crossfade.sandbox.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.selftest.grammar.Grammar;
import io.crossfade.sandbox.selftest.grammar.Home;
import io.crossfade.sandbox.selftest.grammar.SessionScript;
import io.crossfade.sandbox.selftest.grammar.Swarm;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real MySQL takes what the grammar derives: most of it succeeds, and syntax errors are meant.
 */
class GrammarIT {
  private static final int STEPS = 1_000;

  @TempDir Path folder;

  @Test
  void mySqlTakesWhatIsDerivedOrRefusesItAsIntended() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    ScratchSchema schema = new ScratchSchema(SharedServers.uniqueSchema("grammar"), true);
    ScratchSchema other = new ScratchSchema(SharedServers.uniqueSchema("grammar"), false);
    try (Connection c = mysql.connect("")) {
      schema.create(c);
      other.create(c);
    }
    Grammar grammar = Grammar.standard();
    Home home = new Home(schema.name(), other.name(), grammar.tables());
    SessionScript script = new SessionScript(grammar, Swarm.everything(), home, 11, 0);
    Counts counts = new Counts();
    Login direct = new Login(mysql.port(), "root", "");
    Janitor janitor =
        new Janitor(direct, List.of(schema.name(), other.name()), new SplittableRandom(1), counts);
    AtomicInteger left = new AtomicInteger(STEPS);
    try (Trace trace = new Trace(folder.resolve("trace"))) {
      new SqlSession(
              direct,
              schema.name(),
              script,
              counts,
              trace,
              () -> goOn(left.getAndDecrement(), janitor))
          .run();
    }
    long statements = sum(counts.statements());
    long errors = sum(counts.errors());
    assertThat(statements).isGreaterThan(STEPS / 2);
    assertThat(errors).as("%s", counts.errors()).isBetween(statements / 100, statements / 2);
    assertThat(counts.errors().getOrDefault("1064/42000", 0L))
        .as(
            "syntax errors: one kind of failing statement, and statements prepared in the wrong way")
        .isLessThan(statements / 20);
    assertThat(counts.errors()).containsKeys("1062/23000", "1146/42S02");
    assertThat(counts.findings()).isEmpty();
    try (Connection c = mysql.connect("")) {
      schema.drop(c);
      other.drop(c);
    }
  }

  /** What was prepared and left would keep its rows locked for all that follow. */
  private static boolean goOn(int left, Janitor janitor) {
    if (left % 10 == 0) {
      try {
        janitor.clean();
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }
    return left > 0;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}

package io.crossfade.sandbox.selftest.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.SqlAnalyzer;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.api.sql.Statement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SessionScriptTest {
  private static final int ROUNDS = 40;
  private static final Set<Statement.Kind> ANYTHING =
      Set.of(Statement.Kind.CALL, Statement.Kind.EXECUTE, Statement.Kind.OTHER);

  private final Grammar grammar = Grammar.standard();
  private final Home home = new Home("one", "two", grammar.tables());

  @Test
  void theSameSeedGivesTheSameSteps() {
    assertThat(steps(7, 3)).isEqualTo(steps(7, 3));
  }

  @Test
  void anotherSeedAndAnotherSessionGiveOtherSteps() {
    assertThat(steps(8, 3)).isNotEqualTo(steps(7, 3));
    assertThat(steps(7, 4)).isNotEqualTo(steps(7, 3));
  }

  @Test
  void everyAlternativeOfEveryRuleIsReached() {
    Set<String> reached = new HashSet<>();
    for (int session = 0; session < 40; session++) {
      SessionScript script = new SessionScript(grammar, Swarm.everything(), home, 5, session);
      for (int i = 0; i < 5_000; i++) {
        script.next();
      }
      reached.addAll(script.reached());
    }
    Set<String> listsForSwarms = Set.of("unitExact", "wayExact", "exact", "harmless", "everywhere");
    assertThat(grammar.ids())
        .filteredOn(id -> !listsForSwarms.contains(id.replaceAll("[@#].*", "")))
        .filteredOn(id -> !reached.contains(id))
        .isEmpty();
  }

  @Test
  void aParameterMarkNeverReachesMySql() {
    assertThat(steps(9, 1))
        .allSatisfy(step -> assertThat(step.sql() + step.data()).doesNotContain("«", "»", ";;"));
  }

  @Test
  void aPreparedStepHasAsManyParametersAsMarks() {
    assertThat(steps(9, 2))
        .filteredOn(step -> step.way() == Step.Way.PREPARED)
        .isNotEmpty()
        .allSatisfy(
            step ->
                assertThat(step.sql().chars().filter(c -> c == '?').count())
                    .isEqualTo(step.parameters().size()));
  }

  /**
   * Else a statement that makes every table dirty would repair what another one's marks missed, and
   * the self-test would prove little.
   */
  @Test
  void mostRoundsHaveNothingThatTheProxyTakesForAnything() {
    DruidSqlAnalyzer analyzer = new DruidSqlAnalyzer();
    int quiet = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Swarm swarm = Swarm.random(grammar, new SplittableRandom(seed));
      if (swarm.odd()) {
        continue;
      }
      quiet++;
      SessionScript script = new SessionScript(grammar, swarm, home, seed, 0);
      for (int i = 0; i < 400; i++) {
        Step step = script.next();
        assertThat(isAnything(analyzer, step)).as("seed %d: %s", seed, step).isFalse();
      }
    }
    assertThat(quiet).isBetween(ROUNDS / 2, ROUNDS - ROUNDS / 8);
  }

  private static boolean isAnything(DruidSqlAnalyzer analyzer, Step step) {
    byte[] sql = step.sql().getBytes(StandardCharsets.UTF_8);
    List<SqlAnalyzer.Analyzed> analyzed =
        step.way() == Step.Way.PREPARED
            ? List.of(analyzer.analyzePrepared(sql, "one", SqlMode.DEFAULT))
            : analyzer.analyze(sql, "one", SqlMode.DEFAULT);
    return step.way() != Step.Way.CUT
        && analyzed.stream()
            .map(SqlAnalyzer.Analyzed::statement)
            .anyMatch(
                s ->
                    (s.opaque() != null && (s.kind().writes() || s.opaque().startsWith("function")))
                        || ANYTHING.contains(s.kind()));
  }

  private List<Step> steps(long seed, int session) {
    SessionScript script = new SessionScript(grammar, Swarm.everything(), home, seed, session);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      steps.add(script.next());
    }
    return steps;
  }
}

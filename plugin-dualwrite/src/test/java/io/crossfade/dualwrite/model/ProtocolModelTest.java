package io.crossfade.dualwrite.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interleavings differ from run to run; -Dmodel.seed=N repeats a run, the message names N. */
class ProtocolModelTest {
  private static final int INTERLEAVINGS = Integer.getInteger("model.interleavings", 25_000);
  private static final int BUDGET = 400_000;
  private static final long SEED = Long.getLong("model.seed", System.nanoTime());

  @Test
  void convergesUnderEveryInterleaving() {
    for (int i = 0; i < INTERLEAVINGS; i++) {
      Optional<String> difference = new World(SEED + i, Set.of()).run();
      assertThat(difference).as("model.seed=%d", SEED + i).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void divergesWhenOneRuleIsBroken(Rule rule) {
    Optional<String> difference = Optional.empty();
    int tried = 0;
    while (difference.isEmpty() && tried < BUDGET) {
      difference = new World(SEED + tried++, EnumSet.of(rule)).run();
    }
    assertThat(difference).as("%s broken, seeds %d and on", rule, SEED).isPresent();
  }
}

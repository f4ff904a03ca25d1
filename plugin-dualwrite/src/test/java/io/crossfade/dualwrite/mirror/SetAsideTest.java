package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.Picked;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SetAsideTest {
  private long now;
  private final SetAside aside = new SetAside(() -> now);

  private static Picked picked(int i) {
    return new Picked(new TableName("a", "b"), new Key(new byte[] {(byte) i}), 1, true);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  /** Until the key is due again. */
  private Duration pause(Picked p) {
    long from = now;
    while (!aside.due(1).contains(p)) {
      pass(Duration.ofMillis(100));
    }
    return Duration.ofNanos(now - from);
  }

  @Test
  void pausesGrowWithEachFailureUpToALimit() {
    Picked p = picked(1);
    Duration first = null;
    Duration last = Duration.ZERO;
    for (int i = 0; i < 12; i++) {
      aside.add(p, "cell-too-large", true);
      last = pause(p);
      first = first == null ? last : first;
    }
    assertThat(first).isBetween(Duration.ofMillis(400), Duration.ofMillis(1_100));
    assertThat(last).isBetween(Duration.ofSeconds(149), Duration.ofSeconds(301));
  }

  @Test
  void whatPassesByItselfIsTriedAgainSooner() {
    Picked p = picked(1);
    for (int i = 0; i < 12; i++) {
      aside.add(p, "deadline", false);
      assertThat(pause(p)).isLessThan(Duration.ofSeconds(31));
    }
  }

  @Test
  void pausesAreNotInStep() {
    List<Picked> many = IntStream.range(0, 50).mapToObj(SetAsideTest::picked).toList();
    many.forEach(p -> aside.add(p, "deadline", false));
    pass(Duration.ofMillis(750));
    assertThat(aside.due(100)).hasSizeBetween(5, 45);
  }

  @Test
  void aKeyThatMustBeAloneIsHandedOutAlone() {
    aside.add(picked(1), "deadline", false);
    aside.add(picked(2), "deadline", false);
    aside.add(picked(3), "cell-too-large", true);
    pass(Duration.ofSeconds(2));
    int handedOut = 0;
    List<Picked> due;
    while (!(due = aside.due(10)).isEmpty()) {
      assertThat(due.contains(picked(3)) && due.size() > 1).isFalse();
      handedOut += due.size();
    }
    assertThat(handedOut).isEqualTo(3);
  }

  @Test
  void anOperatorMayHaveAllOfThemTriedAtOnce() {
    for (int i = 0; i < 8; i++) {
      aside.add(picked(1), "cell-too-large", true);
    }
    assertThat(aside.due(10)).isEmpty();
    assertThat(aside.retryNow()).isEqualTo(1);
    assertThat(aside.due(10)).containsExactly(picked(1));
  }

  @Test
  void theReportHasKeysInHexadecimalAndReasonsAndIsBounded() {
    for (int i = 0; i < 30; i++) {
      aside.add(picked(i), i == 0 ? "deadline" : "cell-too-large", i != 0);
    }
    aside.settled(picked(29));
    Map<String, Object> report = aside.report();
    assertThat(report).containsEntry("keys", 29);
    assertThat(report.get("reasons")).isEqualTo(Map.of("deadline", 1, "cell-too-large", 28));
    assertThat((List<?>) report.get("some")).hasSize(20);
    assertThat(report.toString()).contains("key=0a, reason=cell-too-large");
  }
}

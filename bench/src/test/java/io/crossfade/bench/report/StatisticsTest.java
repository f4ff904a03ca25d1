package io.crossfade.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void medianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Statistics.median(List.of(9.0, 1.0, 2.0))).hasValue(2);
    assertThat(Statistics.median(List.of(4.0, 1.0, 2.0, 100.0))).hasValue(3);
    assertThat(Statistics.median(List.of())).isEmpty();
  }

  @Test
  void aRatioIsTakenWithinARoundSoThatASlowRoundDoesNotCount() {
    List<Double> proxy = List.of(50.0, 5.0, 50.0);
    List<Double> direct = List.of(100.0, 10.0, 80.0);

    assertThat(Statistics.medianRatio(proxy, direct, 0)).hasValue(0.5);
  }

  @Test
  void roundsWithoutABaseAreLeftOut() {
    assertThat(Statistics.medianRatio(List.of(3.0, 4.0), List.of(0.01, 2.0), 0.02)).hasValue(2);
    assertThat(Statistics.medianRatio(List.of(3.0), List.of(0.0), 0)).isEmpty();
    assertThat(Statistics.medianRatio(List.of(3.0, 1.0), List.of(3.0), 0)).hasValue(1);
  }
}

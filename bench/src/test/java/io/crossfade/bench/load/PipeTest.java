package io.crossfade.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The lines between the benchmark and its load generator. */
class PipeTest {
  @Test
  void planComesBackAsItWas() {
    LoadPlan plan =
        new LoadPlan(3306, "app", "app", "bench", Workload.LIST100, Mode.TEXT, 64, 400_000, 99);

    assertThat(LoadPlan.parse(plan.line())).isEqualTo(plan);
  }

  @Test
  void figuresComeBackAsTheyWere() {
    Figures figures = new Figures(1000, 2.5, 0.5, 1.25, 3.125, 0, "");

    assertThat(Figures.parse(figures.line())).isEqualTo(figures);
    assertThat(figures.perSecond()).isEqualTo(400);
  }

  @Test
  void anErrorKeepsItsTextOnOneLine() {
    Figures figures = new Figures(1, 1, 1, 1, 1, 2, "error 1205: lock\nwait");

    assertThat(Figures.parse(figures.line()).firstError()).isEqualTo("error 1205: lock wait");
  }

  @Test
  void unknownLabelsAreRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Workload.of("pount"))
        .hasMessage("unknown workload 'pount'; there are point, list100, list5000, dml, mixed");
    assertThatThrownBy(() -> Mode.of("ps"))
        .hasMessage("unknown mode 'ps'; there are text, prepared");
  }
}

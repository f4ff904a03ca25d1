package io.crossfade.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.load.DataShape;
import io.crossfade.bench.load.Mode;
import io.crossfade.bench.load.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
  @Test
  void knowsHowManyConnectionsThereWillBeAtMost() {
    assertThat(selection(List.of(Kind.DIRECT), List.of(1, 256), 5000, 400_000).mostConnections())
        .isEqualTo(5000);
    assertThat(selection(List.of(Kind.DIRECT), List.of(1, 256), 0, 400_000).mostConnections())
        .isEqualTo(256);
  }

  @Test
  void refusesTargetsWithoutDirect() {
    assertThatThrownBy(() -> selection(List.of(Kind.RELAY), List.of(1), 0, 400_000))
        .hasMessage("--targets must include direct: every figure is compared with it");
  }

  @Test
  void refusesTheSameThingTwice() {
    assertThatThrownBy(() -> selection(List.of(Kind.DIRECT), List.of(16, 16), 0, 400_000))
        .hasMessage("--connections names something twice");
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatThrownBy(() -> selection(List.of(Kind.DIRECT), List.of(0), 0, 400_000))
        .hasMessage("--connections must be from 1 to 10000: 0");
    assertThatThrownBy(() -> selection(List.of(Kind.DIRECT), List.of(1), -1, 400_000))
        .hasMessage("--idle must be from 0 to 10000: -1");
  }

  @Test
  void refusesListsOfFiveThousandFromATableThatIsTooSmall() {
    assertThatThrownBy(() -> selection(List.of(Kind.DIRECT), List.of(1), 0, 100_000))
        .hasMessage("list5000 needs --rows of at least 200000");
  }

  @Test
  void unknownTargetsAreRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Kind.of("proxysql"))
        .hasMessage(
            "unknown target 'proxysql'; there are direct, haproxy, mysqlrouter, relay, beside,"
                + " watched, shardingsphere");
  }

  private static Selection selection(
      List<Kind> kinds, List<Integer> connections, int idle, int rows) {
    return new Selection(
        kinds,
        List.of(Workload.values()),
        List.of(Mode.values()),
        connections,
        3,
        1,
        15,
        idle,
        new DataShape(rows));
  }
}

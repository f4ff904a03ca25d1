package io.crossfade.bench;

import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.load.DataShape;
import io.crossfade.bench.load.Mode;
import io.crossfade.bench.load.Workload;
import java.util.HashSet;
import java.util.List;

/**
 * What is run.
 *
 * @param connections numbers of connections
 * @param seconds each round of each target
 * @param warmUpSeconds each JVM proxy in each mode
 * @param idle idle connections to each proxy at the end; 0 = none
 */
record Selection(
    List<Kind> kinds,
    List<Workload> workloads,
    List<Mode> modes,
    List<Integer> connections,
    int rounds,
    int seconds,
    int warmUpSeconds,
    int idle,
    DataShape shape) {
  private static final int MOST_CONNECTIONS = 10_000;

  /**
   * Checks everything.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  Selection {
    kinds = List.copyOf(kinds);
    workloads = List.copyOf(workloads);
    modes = List.copyOf(modes);
    connections = List.copyOf(connections);
    once("--targets", kinds);
    once("--workloads", workloads);
    once("--modes", modes);
    once("--connections", connections);
    if (!kinds.contains(Kind.DIRECT)) {
      throw new IllegalArgumentException(
          "--targets must include direct: every figure is compared with it");
    }
    for (int n : connections) {
      within("--connections", n, 1, MOST_CONNECTIONS);
    }
    within("--rounds", rounds, 1, 100);
    within("--seconds", seconds, 1, 600);
    within("--warm-up", warmUpSeconds, 0, 600);
    within("--idle", idle, 0, MOST_CONNECTIONS);
    if (shape.rows() < DataShape.ROWS_FOR_LISTS_OF_5000 && workloads.contains(Workload.LIST5000)) {
      throw new IllegalArgumentException(
          "list5000 needs --rows of at least " + DataShape.ROWS_FOR_LISTS_OF_5000);
    }
  }

  private static void once(String option, List<?> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(option + " is empty");
    }
    if (new HashSet<>(values).size() < values.size()) {
      throw new IllegalArgumentException(option + " names something twice");
    }
  }

  private static void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + " must be from " + least + " to " + most + ": " + value);
    }
  }

  /** The most connections there will be at once to one target. */
  int mostConnections() {
    return Math.max(idle, connections.stream().mapToInt(Integer::intValue).max().orElse(0));
  }

  /** How many measurements there will be. */
  int measurements() {
    return kinds.size() * workloads.size() * modes.size() * connections.size() * rounds;
  }
}

package io.crossfade.bench.lab;

import io.crossfade.bench.load.DataShape;
import java.nio.file.Path;
import java.util.List;

/**
 * What is to run.
 *
 * @param kinds in the order of the rounds
 * @param distribution Crossfade's, unpacked
 * @param cache where fetched peers are kept
 * @param routerCommand how MySQL Router is started; empty = from the PATH
 * @param connections the most there will be at once to one target
 * @param shape the data
 */
public record LabOptions(
    List<Kind> kinds,
    Path distribution,
    Path cache,
    List<String> routerCommand,
    int connections,
    DataShape shape) {

  /** Copies the lists. */
  public LabOptions {
    kinds = List.copyOf(kinds);
    routerCommand = List.copyOf(routerCommand);
  }
}

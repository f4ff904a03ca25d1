package io.crossfade.bench.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the clients do. */
public enum Workload {
  /** One row by its whole primary key. */
  POINT(StatementKind.POINT),
  /** The newest hundred of a long list. */
  LIST100(StatementKind.LIST100),
  /** The newest five thousand of a long list. */
  LIST5000(StatementKind.LIST5000),
  /** Insert, update and delete of one row, in turn, each autocommitted. */
  DML(StatementKind.INSERT, StatementKind.UPDATE, StatementKind.DELETE),
  /** 60 % point, 25 % list of 100, 5 % list of 5,000, 10 % DML (all three statements). */
  MIXED(StatementKind.values());

  private final List<StatementKind> statements;

  Workload(StatementKind... statements) {
    this.statements = List.of(statements);
  }

  /** The statements it is made of. */
  List<StatementKind> statements() {
    return statements;
  }

  /** How long a round is, as a multiple of the usual: slow statements need more for a figure. */
  public int lengthOfRound() {
    return this == LIST5000 ? 2 : 1;
  }

  /** How options and tables call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when there is none of this label; the message lists them
   */
  public static Workload of(String label) {
    return Arrays.stream(values())
        .filter(workload -> workload.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown workload '"
                        + label
                        + "'; there are "
                        + String.join(
                            ", ", Arrays.stream(values()).map(Workload::label).toList())));
  }
}

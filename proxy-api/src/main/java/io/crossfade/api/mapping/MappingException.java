package io.crossfade.api.mapping;

import java.util.List;

/** A table cannot be mirrored as configured. Names every reason at once. */
public final class MappingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * For one table.
   *
   * @param table its name
   * @param problems one sentence each, naming column and reason; never empty
   */
  public MappingException(String table, List<String> problems) {
    super(table + ": " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence a problem. */
  public List<String> problems() {
    return problems;
  }
}

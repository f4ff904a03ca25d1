package io.crossfade.sandbox.selftest.grammar;

import java.util.List;

/**
 * The names of a session.
 *
 * @param schema its default schema
 * @param elsewhere the other scratch schema
 * @param tables the tables it works on, of those the grammar has rules for
 */
public record Home(String schema, String elsewhere, List<String> tables) {
  /** Copies the tables. */
  public Home {
    tables = List.copyOf(tables);
  }
}

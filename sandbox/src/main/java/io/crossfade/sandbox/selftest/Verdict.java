package io.crossfade.sandbox.selftest;

import io.crossfade.sandbox.compare.IndependentComparison;
import java.util.ArrayList;
import java.util.List;

/** What the comparisons found, of all rounds. Used by one thread. */
final class Verdict {
  private long tables;
  private long compared;
  private long differing;
  private final List<String> examples = new ArrayList<>();

  void add(String where, IndependentComparison.Outcome outcome) {
    tables++;
    compared += outcome.compared();
    differing += outcome.differing();
    outcome.examples().forEach(e -> examples.add(where + e));
  }

  long tables() {
    return tables;
  }

  long compared() {
    return compared;
  }

  long differing() {
    return differing;
  }

  List<String> examples() {
    return examples;
  }
}

package io.crossfade.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything wrong with one file. Not thread-safe. */
public final class Problems {
  private final String file;
  private final List<Problem> found = new ArrayList<>();

  /** Nothing found yet in {@code file}. */
  public Problems(String file) {
    this.file = file;
  }

  /** Adds a problem; see {@link Problem}. */
  public void add(int line, String path, String message) {
    Problem problem = new Problem(file, line, path, message);
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  /** How many there are. */
  public int count() {
    return found.size();
  }

  /** Whether {@code path} itself is wrong. */
  public boolean at(String path) {
    return found.stream().anyMatch(p -> p.path().equals(path));
  }

  /** Whether something at or below {@code path} is wrong. */
  public boolean under(String path) {
    return found.stream().anyMatch(p -> p.path().equals(path) || p.path().startsWith(path + "."));
  }

  /** All of them, in the order of the file. */
  public List<Problem> all() {
    return found.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
  }
}

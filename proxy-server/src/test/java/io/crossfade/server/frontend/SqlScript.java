package io.crossfade.server.frontend;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Statements in named scenarios, from a resource; {@code equivalence/common.sql} says its form. */
record SqlScript(List<Scenario> scenarios) {

  /** Statements for one session of {@code user}. */
  record Scenario(String name, String user, List<Line> lines) {}

  /** A statement, and what of its answer differs from run to run. */
  record Line(String sql, Varies varies) {}

  /** What of an answer is of the moment. */
  enum Varies {
    NOTHING(""),
    /** The digits. */
    DIGITS("~ "),
    /**
     * The optimizer's flags in the status: the dictionary's tables have statistics of their own.
     */
    PLAN("% ");

    private final String mark;

    Varies(String mark) {
      this.mark = mark;
    }

    private static Line line(String line) {
      Varies varies =
          line.startsWith(DIGITS.mark) ? DIGITS : line.startsWith(PLAN.mark) ? PLAN : NOTHING;
      return new Line(line.substring(varies.mark.length()), varies);
    }
  }

  static SqlScript read(String... resources) {
    List<Scenario> scenarios = new ArrayList<>();
    for (String resource : resources) {
      text(resource).lines().filter(l -> !l.isBlank()).forEach(line -> add(scenarios, line));
    }
    return new SqlScript(scenarios);
  }

  private static void add(List<Scenario> scenarios, String line) {
    if (line.startsWith("=== ")) {
      String[] name = line.substring(4).split(" user=", -1);
      scenarios.add(new Scenario(name[0], name.length > 1 ? name[1] : "app", new ArrayList<>()));
    } else if (!line.startsWith("#")) {
      scenarios.get(scenarios.size() - 1).lines().add(Varies.line(line));
    }
  }

  private static String text(String resource) {
    try (InputStream in = SqlScript.class.getResourceAsStream("/equivalence/" + resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no script " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int statements() {
    return scenarios.stream().mapToInt(s -> s.lines().size()).sum();
  }
}

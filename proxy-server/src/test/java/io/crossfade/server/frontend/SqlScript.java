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

  /** A statement; {@code masked}: the digits of its answer differ from run to run. */
  record Line(String sql, boolean masked) {}

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
      boolean masked = line.startsWith("~ ");
      scenarios
          .get(scenarios.size() - 1)
          .lines()
          .add(new Line(masked ? line.substring(2) : line, masked));
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

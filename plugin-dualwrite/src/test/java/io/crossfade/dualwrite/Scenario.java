package io.crossfade.dualwrite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A named list of steps of {@code capture/scenarios.sql}. A step is a statement sent through the
 * proxy, or begins with
 *
 * <ul>
 *   <li>{@code !}: sent directly to MySQL; {@code 2>}: through the proxy on another connection
 *   <li>{@code ?}: prepared by the protocol, with {@code | parameters}
 *   <li>{@code prepare:}, {@code execute:}: the same in two steps
 *   <li>{@code close}, {@code reset}: of the connection; {@code await}: until the catalogue was
 *       read anew
 * </ul>
 *
 * @param latin1 whether the characters of the statements are bytes ({@code \xNN})
 * @param changes whether it must change rows of a watched table
 */
record Scenario(String name, List<String> steps, boolean latin1, boolean changes) {
  /** The statements of a file, one a line. */
  static List<String> lines(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Scenario.class.getResourceAsStream("/capture/" + file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** All scenarios; a line that begins with a blank continues the one before, with a line break. */
  static List<Scenario> all() throws IOException {
    List<Scenario> all = new ArrayList<>();
    String name = "";
    List<String> steps = new ArrayList<>();
    for (String line : lines("scenarios.sql")) {
      if (line.startsWith("# ")) {
        add(all, name, steps);
        name = line.substring(2);
        steps = new ArrayList<>();
      } else if (line.startsWith(" ") || line.startsWith(";")) {
        steps.set(steps.size() - 1, steps.get(steps.size() - 1) + "\n" + line);
      } else {
        steps.add(line);
      }
    }
    add(all, name, steps);
    return all;
  }

  private static void add(List<Scenario> all, String name, List<String> steps) {
    boolean latin1 = steps.remove("%latin1");
    boolean nothing = steps.remove("-nothing");
    if (!steps.isEmpty()) {
      all.add(new Scenario(name, List.copyOf(steps), latin1, !nothing));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

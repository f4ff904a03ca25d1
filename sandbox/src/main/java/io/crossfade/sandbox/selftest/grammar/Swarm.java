package io.crossfade.sandbox.selftest.grammar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Which kinds of statements a round uses, by table, and which ways of sending and framing them. A
 * round of everything hides what a kind misses: a statement that marks a whole table repairs its
 * neighbours. So most rounds use a few kinds, some none but those that name their keys. Immutable.
 */
public final class Swarm {
  /** The rules whose alternatives a swarm thins out. */
  static final Set<String> THINNED = Set.of("kind", "way", "unit");

  private final boolean odd;
  private final Map<String, Set<String>> enabled;

  private Swarm(boolean odd, Map<String, Set<String>> enabled) {
    this.odd = odd;
    this.enabled = enabled;
  }

  /** Everything. */
  public static Swarm everything() {
    return new Swarm(true, Map.of());
  }

  /** A round of its own for a seed. */
  public static Swarm random(Grammar grammar, SplittableRandom random) {
    boolean global = random.nextInt(3) == 0;
    Map<String, Set<String>> enabled = new HashMap<>();
    for (String table : grammar.tables()) {
      Set<String> kinds = new HashSet<>(grammar.names("exact", table));
      Set<String> harmless = Set.copyOf(grammar.names("harmless", table));
      Set<String> everywhere = Set.copyOf(grammar.names("everywhere", table));
      if (random.nextInt(2) == 0) {
        for (String kind : grammar.names("kind", table)) {
          if (random.nextInt(4) == 0 && !everywhere.contains(kind)) {
            kinds.add(kind);
          }
        }
      }
      kinds.addAll(harmless);
      if (global) {
        kinds.addAll(everywhere);
      }
      enabled.put("kind@" + table, kinds);
    }
    for (String rule : List.of("way", "unit")) {
      if (!global) {
        enabled.put(rule, Set.copyOf(grammar.names(rule + "Exact", "")));
      }
    }
    return new Swarm(global, enabled);
  }

  /** Whether what makes every watched table dirty is part of it. */
  boolean odd() {
    return odd;
  }

  boolean allows(String rule, String table, String name) {
    Set<String> names =
        enabled.getOrDefault(rule + "@" + table, enabled.getOrDefault(rule, Set.of()));
    return names.isEmpty() || names.contains(name);
  }
}

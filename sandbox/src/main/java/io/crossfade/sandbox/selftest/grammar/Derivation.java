package io.crossfade.sandbox.selftest.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Derives texts from a grammar. Deterministic: a function of the seed and of what was asked. */
final class Derivation {
  private static final int DEEP = 60;

  /**
   * Rules that are written in code: the table, the session's schema, the other schema, a number
   * that no other session gets, the last {@code xid} again, any statement on any table.
   */
  private static final Set<String> BUILT_IN =
      Set.of("table", "schema", "elsewhere", "fresh", "sameXid", "any");

  private final Grammar grammar;
  private final Swarm swarm;
  private final SplittableRandom random;
  private final Home home;
  private final LongSupplier fresh;
  private final Set<String> reached;
  private final StringBuilder text = new StringBuilder();
  private String table = "";
  private String xid = "";
  private int depth;

  /**
   * @param fresh gives a number that no other session gets
   * @param reached collects the ids of alternatives that were taken
   */
  Derivation(
      Grammar grammar,
      Swarm swarm,
      SplittableRandom random,
      Home home,
      LongSupplier fresh,
      Set<String> reached) {
    this.grammar = grammar;
    this.swarm = swarm;
    this.random = random;
    this.home = home;
    this.fresh = fresh;
    this.reached = reached;
  }

  /** Derives a rule. */
  String derive(String rule) {
    text.setLength(0);
    depth = 0;
    rule(rule);
    return text.toString();
  }

  SplittableRandom random() {
    return random;
  }

  void append(String s) {
    text.append(s);
  }

  void rule(String rule) {
    if (BUILT_IN.contains(rule)) {
      builtIn(rule);
      return;
    }
    if (++depth > DEEP) {
      throw new IllegalStateException("rule <" + rule + "> does not end");
    }
    Alternative chosen = choose(rule);
    reached.add(chosen.id());
    int from = text.length();
    chosen.parts().forEach(p -> p.derive(this));
    if (rule.equals("xid")) {
      xid = text.substring(from);
    }
    depth--;
  }

  private void builtIn(String rule) {
    switch (rule) {
      case "table" -> append(table);
      case "schema" -> append(home.schema());
      case "elsewhere" -> append(home.elsewhere());
      case "sameXid" -> append(xid);
      case "fresh" -> append(String.valueOf(fresh.getAsLong()));
      default -> {
        String outer = table;
        table = home.tables().get(random.nextInt(home.tables().size()));
        rule("kind");
        table = outer;
      }
    }
  }

  private Alternative choose(String rule) {
    boolean thinned = Swarm.THINNED.contains(rule);
    List<Alternative> all = new ArrayList<>();
    for (Alternative a : grammar.alternatives(rule, table)) {
      if ((swarm.odd() || !a.odd()) && (!thinned || swarm.allows(rule, table, a.only()))) {
        all.add(a);
      }
    }
    int total = all.stream().mapToInt(Alternative::weight).sum();
    int at = random.nextInt(total);
    for (Alternative a : all) {
      at -= a.weight();
      if (at < 0) {
        return a;
      }
    }
    throw new IllegalStateException("rule <" + rule + "> has no alternative left");
  }
}

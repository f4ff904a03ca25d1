package io.crossfade.bench.report;

import java.util.List;

/**
 * A whole run as Markdown.
 *
 * @param circumstances one line each: machine, selection, what was skipped, what went wrong
 * @param idleAskedFor how many idle connections there should have been
 */
public record Report(
    List<String> circumstances, List<Combination> combinations, List<Idle> idle, int idleAskedFor) {

  /** Copies the lists. */
  public Report {
    circumstances = List.copyOf(circumstances);
    combinations = List.copyOf(combinations);
    idle = List.copyOf(idle);
  }

  /** The budgets' table. */
  public String budgets() {
    return Tables.budgets(Budgets.judge(combinations, idle, idleAskedFor));
  }

  /** Circumstances, budgets and overviews: what documentation shows. */
  public String summary() {
    StringBuilder out = new StringBuilder();
    circumstances.forEach(line -> out.append("- ").append(line).append('\n'));
    section(out, "Budgets", budgets());
    section(out, "Throughput, × direct", Tables.throughput(combinations));
    section(out, "95th percentile, × direct", Tables.latency(combinations));
    section(out, "Proxy CPU, seconds per 1,000 queries", Tables.cpu(combinations));
    if (!idle.isEmpty()) {
      section(out, "Idle connections", Tables.idle(idle));
    }
    return out.toString();
  }

  /** One table a combination. */
  public String details() {
    StringBuilder out = new StringBuilder();
    for (Combination c : combinations) {
      section(out, c.title() + " connections", Tables.combination(c));
    }
    return out.toString();
  }

  private static void section(StringBuilder out, String title, String body) {
    out.append("\n### ").append(title).append("\n\n").append(body);
  }
}

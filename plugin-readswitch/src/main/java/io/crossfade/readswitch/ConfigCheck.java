package io.crossfade.readswitch;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.ReadSwitchConfig.Freshness;
import io.crossfade.readswitch.ReadSwitchConfig.TableReads;
import io.crossfade.readswitch.position.Cidr;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything wrong with a configuration, at once. */
final class ConfigCheck {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final int DECIMALS = 4;
  private static final Duration LONGEST_LIMIT = Duration.ofSeconds(30);

  private final List<TableConfig> watched;
  private final List<ConfigProblem> problems = new ArrayList<>();

  private ConfigCheck(List<TableConfig> watched) {
    this.watched = watched;
  }

  static List<ConfigProblem> check(ReadSwitchConfig config, List<TableConfig> watched) {
    ConfigCheck check = new ConfigCheck(watched);
    config.tables().forEach(check::table);
    if (config.circuitBreaker().failures() < 1) {
      check.problem("circuit-breaker.failures", "must be at least 1");
    }
    if (!isPositive(config.circuitBreaker().openFor())) {
      check.problem("circuit-breaker.open-for", "must be longer than 0");
    }
    return List.copyOf(check.problems);
  }

  private void table(TableName name, TableReads reads) {
    String path = "tables." + name;
    Optional<TableConfig> table = watched.stream().filter(t -> t.name().equals(name)).findFirst();
    if (table.isEmpty()) {
      List<String> known = watched.stream().map(t -> t.name().toString()).toList();
      problem(path, "is not a watched table; " + Names.suggestion(name.toString(), known));
    }
    percentage(path + ".percentage", reads.percentage());
    if (reads.freshness() != Freshness.STRICT) {
      String given = reads.freshness() == Freshness.SESSION ? "session" : "bounded";
      problem(path + ".freshness", "'" + given + "' is not implemented; use strict");
    }
    if (!isPositive(reads.timeLimit()) || reads.timeLimit().compareTo(LONGEST_LIMIT) > 0) {
      problem(path + ".time-limit", "must be longer than 0 and at most 30s");
    }
    if (reads.inTransaction()) {
      problem(path + ".in-transaction", "'true' is not implemented; use false");
    }
    whitelist(path + ".whitelist", reads.whitelist(), table);
  }

  private void percentage(String path, BigDecimal percentage) {
    if (percentage.signum() < 0 || percentage.compareTo(HUNDRED) > 0) {
      problem(path, percentage.toPlainString() + " is not between 0 and 100");
    } else if (percentage.stripTrailingZeros().scale() > DECIMALS) {
      problem(path, percentage.toPlainString() + " has more than 4 decimals");
    }
  }

  private void whitelist(
      String path, ReadSwitchConfig.Whitelist whitelist, Optional<TableConfig> table) {
    for (int i = 0; i < whitelist.networks().size(); i++) {
      try {
        Cidr.parse(whitelist.networks().get(i));
      } catch (IllegalArgumentException e) {
        problem(path + ".networks[" + i + "]", String.valueOf(e.getMessage()));
      }
    }
    boolean composite = table.filter(t -> t.listKey().size() != 1).isPresent();
    if (!whitelist.lists().isEmpty() && composite) {
      problem(path + ".lists", "needs a list key of one column");
    }
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private void problem(String path, String message) {
    problems.add(new ConfigProblem(path, message));
  }
}

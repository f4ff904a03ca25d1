package io.crossfade.readswitch.plan;

import java.util.Optional;

/**
 * The planner's verdict.
 *
 * @param plan how HBase answers; empty when that is not proven equal to MySQL's answer
 * @param reason why not, a short stable token; empty when there is a plan
 */
public record Planned(Optional<ReadPlan> plan, String reason) {
  static Planned answerable(ReadPlan plan) {
    return new Planned(Optional.of(plan), "");
  }

  static Planned not(String reason) {
    return new Planned(Optional.empty(), reason);
  }
}

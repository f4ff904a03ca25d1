package io.crossfade.sandbox.selftest.grammar;

import java.util.List;

/**
 * One way to write a rule.
 *
 * @param id {@code rule#number}, or {@code rule@table#number}
 * @param odd whether it makes every watched table dirty
 * @param weight how often it is taken, relative to the others
 * @param parts what it consists of
 */
record Alternative(String id, boolean odd, int weight, List<Part> parts) {
  /** The rule it is nothing but a reference to, or an empty text. */
  String only() {
    return parts.size() == 1 && parts.get(0) instanceof Part.Reference r ? r.rule() : "";
  }
}

package io.crossfade.readswitch.plan;

/** Thrown within the planner: the statement is not proven answerable, for a named reason. */
final class Unproven extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  Unproven(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}

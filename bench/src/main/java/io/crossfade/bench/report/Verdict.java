package io.crossfade.bench.report;

/**
 * Whether a budget was kept.
 *
 * @param budget what was asked for
 * @param outcome met, not met, or not measured
 * @param kept how many of the measured combinations kept it
 * @param measured how many were measured
 * @param worst the worst figure and where it was
 */
public record Verdict(String budget, Outcome outcome, int kept, int measured, String worst) {
  /** In the words of the table. */
  public enum Outcome {
    MET("met"),
    NOT_MET("**not met**"),
    NOT_MEASURED("not measured");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }
}

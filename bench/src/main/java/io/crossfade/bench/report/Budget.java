package io.crossfade.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A limit that every combination it is about must keep.
 *
 * @param title what is asked for
 * @param about the combinations
 * @param value the figure; empty where it was not measured
 * @param sense whether the limit is a floor or a ceiling
 */
record Budget(
    String title,
    Predicate<Combination> about,
    Function<Combination, OptionalDouble> value,
    Sense sense,
    double limit) {

  enum Sense {
    AT_LEAST,
    AT_MOST
  }

  private record Found(String where, double value) {}

  private boolean keeps(double figure) {
    return sense == Sense.AT_LEAST ? figure >= limit : figure <= limit;
  }

  Verdict judge(List<Combination> combinations) {
    List<Found> found = new ArrayList<>();
    for (Combination c : combinations) {
      if (about.test(c)) {
        value.apply(c).ifPresent(v -> found.add(new Found(c.title(), v)));
      }
    }
    if (found.isEmpty()) {
      return new Verdict(title, Verdict.Outcome.NOT_MEASURED, 0, 0, "");
    }
    Comparator<Found> byValue = Comparator.comparingDouble(Found::value);
    Found worst =
        found.stream().min(sense == Sense.AT_LEAST ? byValue : byValue.reversed()).orElseThrow();
    int kept = (int) found.stream().filter(f -> keeps(f.value())).count();
    return new Verdict(
        title,
        kept == found.size() ? Verdict.Outcome.MET : Verdict.Outcome.NOT_MET,
        kept,
        found.size(),
        String.format(Locale.ROOT, "%.2f (%s)", worst.value(), worst.where()));
  }
}

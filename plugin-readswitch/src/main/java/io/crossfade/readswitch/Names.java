package io.crossfade.readswitch;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** "Did you mean". */
final class Names {
  private Names() {}

  /** The known name nearest to a mistyped one, else all of them; half a sentence. */
  static String suggestion(String given, Collection<String> known) {
    int most = Math.max(2, given.length() / 3);
    return known.stream()
        .filter(name -> distance(given, name) <= most)
        .min(Comparator.comparingInt(name -> distance(given, name)))
        .map(name -> "did you mean '" + name + "'?")
        .orElse(
            known.isEmpty()
                ? "no table is watched"
                : "watched are " + String.join(", ", known.stream().sorted().toList()));
  }

  /** Levenshtein's distance, whatever the case. */
  private static int distance(String given, String known) {
    String a = given.toLowerCase(Locale.ROOT);
    String b = known.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}

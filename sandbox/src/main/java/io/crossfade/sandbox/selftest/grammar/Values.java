package io.crossfade.sandbox.selftest.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Derived statements carry what may become a parameter between « and ». */
final class Values {
  private static final Pattern VALUE = Pattern.compile("«([^»]*)»");

  private Values() {}

  /** The statement with its values as literals. */
  static String literal(String derived) {
    return derived.replace("«", "").replace("»", "");
  }

  /** The statement with a {@code ?} for each value. */
  static String marked(String derived) {
    return VALUE.matcher(derived).replaceAll("?");
  }

  /** The values, in order, as literals. */
  static List<String> of(String derived) {
    List<String> values = new ArrayList<>();
    Matcher m = VALUE.matcher(derived);
    while (m.find()) {
      values.add(m.group(1));
    }
    return values;
  }
}

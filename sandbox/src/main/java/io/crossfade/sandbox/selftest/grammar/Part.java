package io.crossfade.sandbox.selftest.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A piece of an alternative. */
sealed interface Part {
  Pattern REFERENCE = Pattern.compile("<(?:([a-zA-Z][a-zA-Z0-9]*)|(-?\\d+)\\.\\.(-?\\d+))>");

  /** Appends what it stands for. */
  void derive(Derivation derivation);

  /** The same text each time. */
  record Text(String text) implements Part {
    @Override
    public void derive(Derivation derivation) {
      derivation.append(text);
    }
  }

  /** An alternative of another rule. */
  record Reference(String rule) implements Part {
    @Override
    public void derive(Derivation derivation) {
      derivation.rule(rule);
    }
  }

  /** A number of a range. */
  record Range(long from, long to) implements Part {
    @Override
    public void derive(Derivation derivation) {
      derivation.append(String.valueOf(derivation.random().nextLong(from, to + 1)));
    }
  }

  /** Takes an alternative apart. */
  static List<Part> parse(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher m = REFERENCE.matcher(text);
    int at = 0;
    while (m.find()) {
      if (m.start() > at) {
        parts.add(new Text(text.substring(at, m.start())));
      }
      parts.add(
          m.group(1) != null
              ? new Reference(m.group(1))
              : new Range(Long.parseLong(m.group(2)), Long.parseLong(m.group(3))));
      at = m.end();
    }
    if (at < text.length()) {
      parts.add(new Text(text.substring(at)));
    }
    return parts;
  }
}

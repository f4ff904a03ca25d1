package io.crossfade.api.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The alias of the new row in {@code INSERT … VALUES (…) AS new ON DUPLICATE KEY UPDATE …}, which
 * the parser does not know.
 *
 * @param name the alias
 * @param without the template with blanks in place of {@code AS new}
 * @param otherTokens the tokens of the template except the two
 */
record RowAlias(String name, String without, List<Token> otherTokens) {
  static @Nullable RowAlias find(String template, List<Token> tokens) {
    if (tokens.isEmpty() || !tokens.get(0).is(template, "INSERT")) {
      return null;
    }
    for (int i = 1; i + 3 < tokens.size(); i++) {
      Token as = tokens.get(i);
      Token alias = tokens.get(i + 1);
      if (as.depth() == 0
          && as.is(template, "AS")
          && tokens.get(i - 1).is(template, ")")
          && (alias.kind() == Token.Kind.WORD || alias.kind() == Token.Kind.QUOTED)
          && tokens.get(i + 2).is(template, "ON")
          && tokens.get(i + 3).is(template, "DUPLICATE")) {
        List<Token> others = new ArrayList<>(tokens);
        others.subList(i, i + 2).clear();
        String name = alias.text(template);
        others.removeIf(t -> t.text(template).equalsIgnoreCase(name));
        String blank = " ".repeat(alias.end() - as.start());
        String without =
            template.substring(0, as.start()) + blank + template.substring(alias.end());
        return new RowAlias(name, without, others);
      }
    }
    return null;
  }
}

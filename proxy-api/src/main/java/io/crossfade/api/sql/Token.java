package io.crossfade.api.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One token of a template (which has no literals and no comments but hints).
 *
 * @param kind what it is
 * @param start where it starts in the template
 * @param end the place after it
 * @param depth how many parentheses are open around it
 */
record Token(Kind kind, int start, int end, int depth) {
  /** What a token is. */
  enum Kind {
    WORD,
    QUOTED,
    VARIABLE,
    HINT,
    SYMBOL
  }

  /** The tokens of {@code template} in order. */
  static List<Token> all(String template) {
    List<Token> tokens = new ArrayList<>();
    int depth = 0;
    for (int i = 0; i < template.length(); ) {
      char c = template.charAt(i);
      int start = i;
      Kind kind = Kind.SYMBOL;
      if (c <= ' ') {
        i++;
        continue;
      } else if (c == '`') {
        kind = Kind.QUOTED;
        i = template.indexOf('`', i + 1) + 1;
      } else if (c == '@' || isName(c)) {
        kind = c == '@' ? Kind.VARIABLE : Kind.WORD;
        while (i < template.length()
            && (isName(template.charAt(i))
                || (kind == Kind.VARIABLE && "@.".indexOf(template.charAt(i)) >= 0))) {
          i++;
        }
      } else if (template.startsWith("/*", i)) {
        kind = Kind.HINT;
        i = template.indexOf("*/", i + 2) + 2;
      } else {
        i++;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      }
      tokens.add(new Token(kind, start, i, depth));
    }
    return tokens;
  }

  private static boolean isName(char c) {
    return c == '_' || c == '$' || c >= 0x80 || Character.isLetterOrDigit(c);
  }

  /** The text in {@code template}, without back quotes. */
  String text(String template) {
    return kind == Kind.QUOTED
        ? template.substring(start + 1, end - 1)
        : template.substring(start, end);
  }

  /** Whether this is the unquoted {@code word} (upper case) or symbol. */
  boolean is(String template, String word) {
    return (kind == Kind.WORD || kind == Kind.SYMBOL)
        && end - start == word.length()
        && template.substring(start, end).toUpperCase(Locale.ROOT).equals(word);
  }
}

package io.crossfade.api.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The keywords that steer the lexer, found in bytes without allocating. */
final class Keywords {
  /** After these a sign belongs to the number behind it. Reserved words only. */
  private static final Set<String> BEFORE_OPERAND =
      Set.of(
          "SELECT",
          "DISTINCT",
          "WHERE",
          "AND",
          "OR",
          "XOR",
          "NOT",
          "IN",
          "BETWEEN",
          "LIKE",
          "SET",
          "BY",
          "THEN",
          "ELSE",
          "WHEN",
          "CASE",
          "ON",
          "HAVING",
          "DIV",
          "INTERVAL");

  private static final Set<String> HINTED =
      Set.of("SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE");
  private static final Set<String> TEMPORAL = Set.of("DATE", "TIME", "TIMESTAMP");
  private static final Set<String> ROUTINE = Set.of("PROCEDURE", "FUNCTION", "TRIGGER", "EVENT");
  private static final Set<String> OTHER = Set.of("LIMIT", "OFFSET", "CREATE", "ALTER");

  private static final String[][] BY_LENGTH = byLength();

  private Keywords() {}

  private static String[][] byLength() {
    List<List<String>> lists = new ArrayList<>();
    for (Set<String> set : List.of(BEFORE_OPERAND, HINTED, TEMPORAL, ROUTINE, OTHER)) {
      for (String word : set) {
        while (lists.size() <= word.length()) {
          lists.add(new ArrayList<>());
        }
        if (!lists.get(word.length()).contains(word)) {
          lists.get(word.length()).add(word);
        }
      }
    }
    return lists.stream().map(l -> l.toArray(new String[0])).toArray(String[][]::new);
  }

  /** The keyword between {@code start} and {@code end} in upper case, or "". */
  static String at(byte[] sql, int start, int end) {
    int length = end - start;
    if (length >= BY_LENGTH.length) {
      return "";
    }
    for (String word : BY_LENGTH[length]) {
      int i = 0;
      while (i < length && (sql[start + i] & ~0x20) == word.charAt(i)) {
        i++;
      }
      if (i == length) {
        return word;
      }
    }
    return "";
  }

  static boolean beforeOperand(String keyword) {
    return BEFORE_OPERAND.contains(keyword);
  }

  static boolean takesHint(String keyword) {
    return HINTED.contains(keyword);
  }

  static boolean isTemporal(String keyword) {
    return TEMPORAL.contains(keyword);
  }

  /** Whether a statement that starts with CREATE or ALTER and has this word may hold {@code ;}. */
  static boolean isRoutine(String keyword) {
    return ROUTINE.contains(keyword);
  }
}

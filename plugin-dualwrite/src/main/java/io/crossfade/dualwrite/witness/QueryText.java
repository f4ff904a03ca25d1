package io.crossfade.dualwrite.witness;

import io.crossfade.api.sql.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The text of a Query event: where transactions begin and end, and which watched tables a statement
 * that is logged as text may change. A superset: names are searched, not parsed.
 */
final class QueryText {
  private static final Pattern LEADING =
      Pattern.compile("^(?:\\s+|/\\*(?!!).*?\\*/|#[^\\n]*\\n?|--\\s[^\\n]*\\n?)+", Pattern.DOTALL);
  private static final Pattern TEMPORARY =
      Pattern.compile("^(?:create|drop)\\s+(?:/\\*!\\d+\\s+)?temporary\\b.*", Pattern.DOTALL);

  private static final Pattern ACCOUNT =
      Pattern.compile("^(?:create|alter|drop|rename)\\s+(?:user|role)\\b.*", Pattern.DOTALL);

  /** Statements that change no row of any table. */
  private static final Set<String> HARMLESS =
      Set.of("grant", "revoke", "analyze", "check", "optimize", "repair", "flush", "set", "use");

  /** Statements that change what a name stands for; anything else that is logged changes rows. */
  private static final Set<String> DEFINING =
      Set.of("create", "alter", "drop", "rename", "truncate");

  private final String text;
  private final String word;

  /**
   * @param sql the event's text; characters of any character set of MySQL's clients leave ASCII
   *     bytes as they are
   */
  QueryText(String sql) {
    this.text = LEADING.matcher(sql).replaceFirst("").toLowerCase(Locale.ROOT);
    int end = 0;
    while (end < text.length() && text.charAt(end) >= 'a' && text.charAt(end) <= 'z') {
      end++;
    }
    this.word = text.substring(0, end);
  }

  boolean begins() {
    return text.equals("begin") || text.startsWith("xa start");
  }

  /** CREATE TABLE … SELECT: its rows and their commit follow. */
  boolean beginsAfter() {
    return text.endsWith("start transaction");
  }

  boolean ends() {
    return text.equals("commit") || text.equals("rollback");
  }

  /** The xid that {@code XA COMMIT} names, else empty. */
  String committedXid() {
    return word.equals("xa") ? after("xa commit") : "";
  }

  /** The xid that {@code XA ROLLBACK} names, else empty. */
  String rolledBackXid() {
    return word.equals("xa") ? after("xa rollback") : "";
  }

  private String after(String start) {
    return text.startsWith(start) ? xid(text.substring(start.length())) : "";
  }

  /** An xid in one spelling. */
  static String xid(String text) {
    return text.replace(" ", "").toLowerCase(Locale.ROOT);
  }

  /** Whether it says only where a transaction is. */
  boolean control() {
    return begins()
        || ends()
        || word.equals("savepoint")
        || text.startsWith("rollback to")
        || text.startsWith("release savepoint")
        || text.startsWith("xa end");
  }

  /** Whether it may change the definition of tables. */
  boolean defines() {
    return !text.startsWith("truncate")
        && DEFINING.contains(word)
        && !TEMPORARY.matcher(text).matches()
        && !ACCOUNT.matcher(text).matches();
  }

  /** What it may change, of the {@code watched} tables. */
  List<Change> changes(Collection<TableName> watched) {
    List<Change> changes = new ArrayList<>();
    if (control() || word.equals("xa") || HARMLESS.contains(word)) {
      return changes;
    }
    if (TEMPORARY.matcher(text).matches()) {
      return changes;
    }
    boolean defining = DEFINING.contains(word);
    boolean schemas = text.matches("^(?:drop|alter|create)\\s+(?:database|schema)\\b(?s:.*)");
    for (TableName table : watched) {
      if (!defining && !word.isEmpty()) {
        changes.add(Change.whole(table, "statement-format"));
      } else if (names(schemas ? table.schema() : table.table())) {
        changes.add(Change.whole(table, word.equals("truncate") ? "truncate" : "ddl"));
      }
    }
    return changes;
  }

  /** Whether the name stands in the text; one of other characters may stand there otherwise. */
  private boolean names(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.chars().anyMatch(c -> c > 0x7F || c == '`')) {
      return true;
    }
    for (int at = text.indexOf(lower); at >= 0; at = text.indexOf(lower, at + 1)) {
      if (ends(at - 1) && ends(at + lower.length())) {
        return true;
      }
    }
    return false;
  }

  private boolean ends(int at) {
    if (at < 0 || at >= text.length()) {
      return true;
    }
    char c = text.charAt(at);
    return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$');
  }

  /** The event's bytes as characters. */
  static String decode(byte[] sql) {
    return new String(sql, StandardCharsets.ISO_8859_1);
  }
}

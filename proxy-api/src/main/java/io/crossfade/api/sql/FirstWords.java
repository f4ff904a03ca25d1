package io.crossfade.api.sql;

import io.crossfade.api.sql.Statement.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Classifies a statement by its first words, without a parse. */
final class FirstWords {
  private static final int LONGEST_WORD = 20;

  private final byte[] sql;
  private int at;
  private boolean parenthesised;

  private FirstWords(byte[] sql) {
    this.sql = sql;
  }

  /** The kind of the first statement in {@code sql}; OTHER when unsure. */
  static Kind kind(byte[] sql) {
    return new FirstWords(sql).classify();
  }

  private Kind classify() {
    String first = next();
    if (parenthesised) {
      return switch (first) {
        case "SELECT", "WITH", "VALUES", "TABLE" -> Kind.SELECT;
        default -> Kind.OTHER;
      };
    }
    return switch (first) {
      case "SELECT", "VALUES", "TABLE" -> Kind.SELECT;
      case "INSERT" -> Kind.INSERT;
      case "REPLACE" -> Kind.REPLACE;
      case "UPDATE" -> Kind.UPDATE;
      case "DELETE" -> Kind.DELETE;
      case "LOAD" -> Kind.LOAD;
      case "TRUNCATE" -> Kind.TRUNCATE;
      case "DROP" -> next().equals("PREPARE") ? Kind.DEALLOCATE : Kind.DDL;
      case "CREATE", "ALTER", "RENAME", "GRANT", "REVOKE", "IMPORT", "INSTALL", "UNINSTALL" ->
          Kind.DDL;
      case "ANALYZE", "OPTIMIZE", "REPAIR", "CHECK" -> Kind.DDL;
      case "CALL" -> Kind.CALL;
      case "SET" -> Kind.SET;
      case "USE" -> Kind.USE;
      case "BEGIN" -> Kind.BEGIN;
      case "START" -> next().equals("TRANSACTION") ? Kind.BEGIN : Kind.OTHER;
      case "COMMIT" -> Kind.COMMIT;
      case "ROLLBACK" -> rollback();
      case "SAVEPOINT" -> Kind.SAVEPOINT;
      case "RELEASE" -> next().equals("SAVEPOINT") ? Kind.SAVEPOINT : Kind.OTHER;
      case "XA" -> Kind.XA;
      case "LOCK", "UNLOCK", "FLUSH" -> Kind.LOCK;
      case "PREPARE" -> Kind.PREPARE;
      case "EXECUTE" -> Kind.EXECUTE;
      case "DEALLOCATE" -> Kind.DEALLOCATE;
      case "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "HELP" -> Kind.SHOW;
      default -> Kind.OTHER;
    };
  }

  private Kind rollback() {
    String second = next();
    boolean to = second.equals("TO") || (second.equals("WORK") && next().equals("TO"));
    return to ? Kind.SAVEPOINT : Kind.ROLLBACK;
  }

  /** The next word in upper case, or "" when something else comes first. */
  private String next() {
    while (at < sql.length) {
      byte b = sql[at];
      if (Ascii.isSpace(b)) {
        at++;
      } else if (b == '(') {
        parenthesised = true;
        at++;
      } else {
        int after = Ascii.skipComment(sql, at);
        if (after == at) {
          break;
        }
        at = after;
      }
    }
    int start = at;
    while (at < sql.length && Ascii.isIdentifier(sql[at]) && at - start <= LONGEST_WORD) {
      at++;
    }
    return new String(sql, start, at - start, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }
}

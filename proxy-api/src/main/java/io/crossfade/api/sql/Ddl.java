package io.crossfade.api.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a data definition statement defines, read from its template without a parse: as much as
 * decides whether tables are altered, and whether statements may reach other tables afterwards.
 *
 * @param tables the tables it alters, drops, renames, truncates, or swaps rows with
 * @param schema the database it drops, or null
 * @param code whether it defines something that runs when tables are only read: a view or a
 *     routine, or what is not understood
 */
public record Ddl(List<TableName> tables, @Nullable String schema, boolean code) {
  private static final Ddl CODE = new Ddl(List.of(), null, true);
  private static final Ddl NOTHING = new Ddl(List.of(), null, false);

  /**
   * Reads a template of the kind {@link Statement.Kind#DDL} or {@link Statement.Kind#TRUNCATE}.
   *
   * @param database what unqualified names are in
   */
  public static Ddl read(String template, String database) {
    return new Reader(template, database).read();
  }

  /** Whether {@code table} is one it alters, or is in the database it drops; without case. */
  public boolean alters(TableName table) {
    return table.schema().equalsIgnoreCase(schema)
        || tables.stream().anyMatch(t -> t.toString().equalsIgnoreCase(table.toString()));
  }

  private static final class Reader {
    private final String template;
    private final String database;
    private final List<Token> tokens;
    private final List<TableName> tables = new ArrayList<>();
    private int at;

    Reader(String template, String database) {
      this.template = template;
      this.database = database;
      this.tokens = Token.all(template);
    }

    Ddl read() {
      String verb = word();
      return switch (verb) {
        case "alter" -> alter();
        case "create" -> create();
        case "drop" -> drop();
        case "rename" -> take("table", "tables") ? renamed() : NOTHING;
        case "truncate" -> {
          take("table");
          yield named(1);
        }
        default -> NOTHING; // ANALYZE, GRANT and the like define nothing
      };
    }

    private Ddl alter() {
      take("ignore", "online", "offline");
      if (!take("table")) {
        return CODE;
      }
      take("if");
      take("exists");
      name();
      for (int i = at; i + 1 < tokens.size(); i++) {
        boolean swap = is(i, "with") && is(i + 1, "table");
        boolean rename = is(i, "rename") && (is(i + 1, "to") || is(i + 1, "as"));
        if (swap || rename) {
          at = i + 2;
          name();
        } else if (is(i, "rename") && !is(i + 1, "column", "index", "key", "partition")) {
          at = i + 1;
          name();
        }
      }
      return new Ddl(List.copyOf(tables), null, false);
    }

    private Ddl create() {
      boolean replaces = take("or") && take("replace");
      boolean temporary = take("temporary");
      if (take("table")) {
        take("if");
        take("not");
        take("exists");
        return replaces && !temporary ? named(1) : NOTHING;
      }
      take("unique", "fulltext", "spatial");
      return take("index") ? onTable() : CODE;
    }

    private Ddl drop() {
      if (take("temporary")) {
        return NOTHING;
      }
      if (take("table", "tables")) {
        take("if");
        take("exists");
        return named(Integer.MAX_VALUE);
      }
      if (take("index")) {
        return onTable();
      }
      if (take("database", "schema")) {
        take("if");
        take("exists");
        return at < tokens.size() ? new Ddl(List.of(), identifier(), false) : CODE;
      }
      return CODE;
    }

    /** {@code INDEX name … ON table}. */
    private Ddl onTable() {
      while (at < tokens.size() && !take("on")) {
        at++;
      }
      return named(1);
    }

    private Ddl named(int most) {
      do {
        name();
      } while (tables.size() < most && symbol(','));
      return new Ddl(List.copyOf(tables), null, false);
    }

    private Ddl renamed() {
      do {
        name();
        take("to");
        name();
      } while (symbol(','));
      return new Ddl(List.copyOf(tables), null, false);
    }

    private void name() {
      if (at >= tokens.size()) {
        return;
      }
      String first = identifier();
      if (symbol('.') && at < tokens.size()) {
        tables.add(new TableName(first, identifier()));
      } else {
        tables.add(new TableName(database, first));
      }
    }

    private String identifier() {
      return tokens.get(at++).text(template);
    }

    private boolean symbol(char c) {
      boolean found =
          at < tokens.size()
              && tokens.get(at).kind() == Token.Kind.SYMBOL
              && template.charAt(tokens.get(at).start()) == c;
      at += found ? 1 : 0;
      return found;
    }

    private boolean take(String... words) {
      boolean found = at < tokens.size() && is(at, words);
      at += found ? 1 : 0;
      return found;
    }

    private boolean is(int token, String... words) {
      for (String word : words) {
        if (tokens.get(token).is(template, word.toUpperCase(Locale.ROOT))) {
          return true;
        }
      }
      return false;
    }

    private String word() {
      return at < tokens.size() ? identifier().toLowerCase(Locale.ROOT) : "";
    }
  }
}

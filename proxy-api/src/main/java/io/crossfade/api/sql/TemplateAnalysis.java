package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLStatement;
import com.alibaba.druid.sql.ast.statement.SQLReplaceStatement;
import com.alibaba.druid.sql.ast.statement.SQLSelectStatement;
import com.alibaba.druid.sql.ast.statement.SQLTruncateStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlDeleteStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlInsertStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlUpdateStatement;
import com.alibaba.druid.sql.dialect.mysql.parser.MySqlStatementParser;
import io.crossfade.api.sql.Statement.Delete;
import io.crossfade.api.sql.Statement.Insert;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.sql.Statement.Select;
import io.crossfade.api.sql.Statement.Update;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Analyses one template: what the lexer left of a statement. Pure; throws nothing. */
final class TemplateAnalysis {
  private final String template;
  private final String database;
  private final List<Token> tokens;
  private final int values;
  private final Runnable onParse;

  private TemplateAnalysis(String template, String database, int values, Runnable onParse) {
    this.template = template;
    this.database = database;
    this.tokens = Token.all(template);
    this.values = values;
    this.onParse = onParse;
  }

  /**
   * The statement that {@code template} is.
   *
   * @param values how many {@code ?} it has
   * @param onParse told before each parse
   */
  static Statement of(String template, String database, int values, Runnable onParse) {
    try {
      return new TemplateAnalysis(template, database, values, onParse).analyse();
    } catch (RuntimeException | StackOverflowError e) {
      // The parser and its tree answer strange input with any exception.
      return opaque(template, values, "parser");
    }
  }

  /** A statement of which only the kind is known. */
  static Statement opaque(String template, int values, String why) {
    return plain(kind(template), template, values, why);
  }

  static Kind kind(String template) {
    return FirstWords.kind(template.getBytes(StandardCharsets.UTF_8));
  }

  static Statement plain(Kind kind, String template, int values, @Nullable String why) {
    return new Statement(kind, template, List.of(), why, null, null, null, null, values);
  }

  private Statement analyse() {
    Kind kind = kind(template);
    return switch (kind) {
      case SELECT, INSERT, REPLACE, UPDATE, DELETE, TRUNCATE -> parse(kind);
      case BEGIN, COMMIT, ROLLBACK, SAVEPOINT, XA, USE, DEALLOCATE ->
          plain(kind, template, values, null);
      case SET -> plain(kind, template, values, has("(") ? "set" : null);
      case LOCK -> plain(kind, template, values, has("UNLOCK") ? null : "lock");
      case LOAD, DDL, CALL, PREPARE, EXECUTE, SHOW ->
          plain(kind, template, values, kind.name().toLowerCase(Locale.ROOT));
      case OTHER -> has("WITH") ? parse(kind) : plain(kind, template, values, "other");
    };
  }

  private boolean has(String word) {
    return tokens.stream().anyMatch(t -> t.is(template, word));
  }

  private Statement parse(Kind firstWord) {
    RowAlias alias = RowAlias.find(template, tokens);
    onParse.run();
    MySqlStatementParser parser =
        new MySqlStatementParser(alias == null ? template : alias.without());
    List<SQLStatement> statements = parser.parseStatementList();
    if (statements.size() != 1
        || parser.getLexer().token() != com.alibaba.druid.sql.parser.Token.EOF) {
      return opaque(template, values, "parser");
    }
    SQLStatement tree = statements.get(0);
    Kind kind = kind(tree);
    if (kind == Kind.OTHER || (firstWord != Kind.OTHER && kind != firstWord)) {
      return opaque(template, values, "parser");
    }
    TreeWalk walk = TreeWalk.of(tree, database);
    String why = walk.opaque();
    if (why == null && !walk.sawValues(values)) {
      why = "values";
    }
    if (why == null
        && !Words.allSeen(alias == null ? tokens : alias.otherTokens(), template, walk)) {
      why = "name";
    }
    if (why != null) {
      return plain(kind, template, values, why);
    }
    return understood(kind, tree, walk.tables(), alias);
  }

  private static Kind kind(SQLStatement tree) {
    if (tree instanceof SQLSelectStatement) {
      return Kind.SELECT;
    }
    if (tree instanceof MySqlInsertStatement) {
      return Kind.INSERT;
    }
    if (tree instanceof SQLReplaceStatement) {
      return Kind.REPLACE;
    }
    if (tree instanceof MySqlUpdateStatement) {
      return Kind.UPDATE;
    }
    if (tree instanceof MySqlDeleteStatement) {
      return Kind.DELETE;
    }
    return tree instanceof SQLTruncateStatement ? Kind.TRUNCATE : Kind.OTHER;
  }

  private Statement understood(
      Kind kind, SQLStatement tree, List<TableName> tables, @Nullable RowAlias alias) {
    WriteShapes writes =
        new WriteShapes(
            database,
            new Selections(template, tokens, database),
            alias == null ? null : alias.name());
    Select select = null;
    Insert insert = null;
    Update update = null;
    Delete delete = null;
    if (has("|") || has("&") || has("!")) {
      // What || means and how these bind depends on sql_mode: the tables are certain, no shape is.
      return plainWith(kind, tables);
    } else if (tree instanceof SQLSelectStatement s) {
      select = new SelectShape(template, tokens, database).read(s.getSelect());
    } else if (tree instanceof MySqlInsertStatement s) {
      insert = writes.insert(s);
    } else if (tree instanceof SQLReplaceStatement s) {
      insert = writes.replace(s);
    } else if (tree instanceof MySqlUpdateStatement s) {
      update = writes.update(s);
    } else if (tree instanceof MySqlDeleteStatement s) {
      delete = writes.delete(s);
    }
    return new Statement(kind, template, tables, null, select, insert, update, delete, values);
  }

  private Statement plainWith(Kind kind, List<TableName> tables) {
    return new Statement(kind, template, tables, null, null, null, null, null, values);
  }
}

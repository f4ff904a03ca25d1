package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLExpr;
import com.alibaba.druid.sql.ast.SQLObject;
import com.alibaba.druid.sql.ast.expr.SQLBetweenExpr;
import com.alibaba.druid.sql.ast.expr.SQLBinaryOpExpr;
import com.alibaba.druid.sql.ast.expr.SQLBooleanExpr;
import com.alibaba.druid.sql.ast.expr.SQLCaseExpr;
import com.alibaba.druid.sql.ast.expr.SQLIdentifierExpr;
import com.alibaba.druid.sql.ast.expr.SQLInListExpr;
import com.alibaba.druid.sql.ast.expr.SQLListExpr;
import com.alibaba.druid.sql.ast.expr.SQLMethodInvokeExpr;
import com.alibaba.druid.sql.ast.expr.SQLNotExpr;
import com.alibaba.druid.sql.ast.expr.SQLNullExpr;
import com.alibaba.druid.sql.ast.expr.SQLPropertyExpr;
import com.alibaba.druid.sql.ast.expr.SQLUnaryExpr;
import com.alibaba.druid.sql.ast.expr.SQLVariantRefExpr;
import com.alibaba.druid.sql.ast.statement.SQLExprTableSource;
import com.alibaba.druid.sql.dialect.mysql.visitor.MySqlASTVisitorAdapter;
import io.crossfade.api.sql.Statement.Selection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows that an UPDATE or DELETE addresses, where a SELECT with the same condition surely
 * finds the same. Whatever is not on a list here is left alone: subqueries (they are read with
 * other locks), functions of the moment or of chance, variables, hints, IGNORE.
 */
final class Selections {
  private static final Set<Class<? extends SQLObject>> NODES =
      Set.of(
          SQLIdentifierExpr.class,
          SQLPropertyExpr.class,
          SQLVariantRefExpr.class,
          SQLNullExpr.class,
          SQLBooleanExpr.class,
          SQLBinaryOpExpr.class,
          SQLUnaryExpr.class,
          SQLNotExpr.class,
          SQLBetweenExpr.class,
          SQLInListExpr.class,
          SQLListExpr.class,
          SQLCaseExpr.class,
          SQLCaseExpr.Item.class,
          SQLMethodInvokeExpr.class);

  /** Functions whose value depends on their arguments and on variables of the session alone. */
  private static final Set<String> STABLE =
      Set.of(
          ("abs ascii bin bit_count bit_length ceil ceiling char_length character_length coalesce"
                  + " concat concat_ws crc32 date datediff day dayname dayofmonth dayofweek dayofyear"
                  + " elt field find_in_set floor from_days greatest hex hour if ifnull instr isnull"
                  + " last_day lcase least left length locate lower lpad ltrim md5 minute mod month"
                  + " monthname nullif octet_length ord power quarter quote repeat replace reverse"
                  + " right round rpad rtrim second sha sha1 sha2 sign sqrt strcmp substr substring"
                  + " substring_index to_days to_seconds trim truncate ucase unhex upper week weekday"
                  + " weekofyear year yearweek")
              .split(" "));

  private final String template;
  private final List<Token> tokens;
  private final String database;

  Selections(String template, List<Token> tokens, String database) {
    this.template = template;
    this.tokens = tokens;
    this.database = database;
  }

  /**
   * The rows of a statement without ORDER BY and LIMIT, which ends with its WHERE clause.
   *
   * @param table what {@code source} names
   */
  @Nullable Selection of(SQLExprTableSource source, TableName table, @Nullable SQLExpr where) {
    boolean strange =
        source.getPartitionSize() > 0
            || source.getHintsSize() > 0
            || tokens.stream().anyMatch(t -> t.kind() == Token.Kind.HINT)
            || tokens.stream().anyMatch(t -> t.is(template, "IGNORE"))
            || !StandardCharsets.US_ASCII.newEncoder().canEncode(template);
    if (strange) {
      return null;
    }
    if (where == null) {
      return new Selection(named(source, table), "", values(template.length()));
    }
    int at = behindWhere();
    return at >= 0 && Walk.isStable(where, source, database)
        ? new Selection(named(source, table), template.substring(at).strip(), values(at))
        : null;
  }

  private static String named(SQLExprTableSource source, TableName table) {
    String name =
        table.schema().isEmpty()
            ? quoted(table.table())
            : quoted(table.schema()) + "." + quoted(table.table());
    String alias = source.getAlias();
    return alias == null ? name : name + " AS " + quoted(Names.unquote(alias));
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The place behind the statement's own WHERE; -1 when there is none. */
  private int behindWhere() {
    for (Token t : tokens) {
      if (t.depth() == 0 && t.is(template, "WHERE")) {
        return t.end();
      }
    }
    return -1;
  }

  private int values(int end) {
    return (int) template.chars().limit(end).filter(c -> c == '?').count();
  }

  private static final class Walk extends MySqlASTVisitorAdapter {
    private final SQLExprTableSource source;
    private final String database;
    private boolean stable = true;

    private Walk(SQLExprTableSource source, String database) {
      this.source = source;
      this.database = database;
    }

    static boolean isStable(SQLExpr where, SQLExprTableSource source, String database) {
      Walk walk = new Walk(source, database);
      where.accept(walk);
      return walk.stable;
    }

    @Override
    public void preVisit(SQLObject node) {
      stable &= NODES.contains(node.getClass());
    }

    @Override
    public boolean visit(SQLIdentifierExpr node) {
      stable &= Names.column(node, source, database) != null;
      return true;
    }

    @Override
    public boolean visit(SQLPropertyExpr node) {
      stable &= Names.column(node, source, database) != null;
      return false;
    }

    @Override
    public boolean visit(SQLVariantRefExpr node) {
      stable &= node.getName().equals("?");
      return true;
    }

    @Override
    public boolean visit(SQLMethodInvokeExpr node) {
      stable &=
          node.getOwner() == null
              && STABLE.contains(node.getMethodName().toLowerCase(Locale.ROOT))
              && node.getFrom() == null
              && node.getUsing() == null
              && node.getTrimOption() == null;
      return true;
    }
  }
}

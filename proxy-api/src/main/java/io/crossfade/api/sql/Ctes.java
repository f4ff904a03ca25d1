package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLObject;
import com.alibaba.druid.sql.ast.expr.SQLIdentifierExpr;
import com.alibaba.druid.sql.ast.statement.SQLDeleteStatement;
import com.alibaba.druid.sql.ast.statement.SQLExprTableSource;
import com.alibaba.druid.sql.ast.statement.SQLSelect;
import com.alibaba.druid.sql.ast.statement.SQLUpdateStatement;
import com.alibaba.druid.sql.ast.statement.SQLWithSubqueryClause;
import org.jspecify.annotations.Nullable;

/** Common table expressions: which unqualified names are not tables. */
final class Ctes {
  private Ctes() {}

  /**
   * Whether {@code source} names a common table expression that is in scope there. An expression
   * sees those before it, and itself when RECURSIVE: {@code WITH t AS (SELECT * FROM t)} reads the
   * table t.
   */
  static boolean isCte(SQLExprTableSource source) {
    if (!(source.getExpr() instanceof SQLIdentifierExpr identifier)) {
      return false;
    }
    String name = Names.unquote(identifier.getName());
    SQLObject child = source;
    for (SQLObject node = source.getParent(); node != null; node = node.getParent()) {
      SQLWithSubqueryClause clause = node instanceof SQLWithSubqueryClause own ? own : clause(node);
      if (clause != null && clause != child && defines(clause, child, name)) {
        return true;
      }
      child = node;
    }
    return false;
  }

  private static @Nullable SQLWithSubqueryClause clause(SQLObject node) {
    if (node instanceof SQLSelect select) {
      return select.getWithSubQuery();
    }
    if (node instanceof SQLUpdateStatement update) {
      return update.getWith();
    }
    return node instanceof SQLDeleteStatement delete ? delete.getWith() : null;
  }

  private static boolean defines(SQLWithSubqueryClause clause, SQLObject from, String name) {
    for (SQLWithSubqueryClause.Entry entry : clause.getEntries()) {
      if (entry == from && !Boolean.TRUE.equals(clause.getRecursive())) {
        return false;
      }
      if (name.equals(Names.unquote(entry.getAlias()))) {
        return true;
      }
      if (entry == from) {
        return false;
      }
    }
    return false;
  }
}

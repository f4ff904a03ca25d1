package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLCommentHint;
import com.alibaba.druid.sql.ast.SQLCurrentTimeExpr;
import com.alibaba.druid.sql.ast.SQLDataTypeImpl;
import com.alibaba.druid.sql.ast.SQLDataTypeRefExpr;
import com.alibaba.druid.sql.ast.SQLLimit;
import com.alibaba.druid.sql.ast.SQLObject;
import com.alibaba.druid.sql.ast.SQLOrderBy;
import com.alibaba.druid.sql.ast.SQLOver;
import com.alibaba.druid.sql.ast.SQLWindow;
import com.alibaba.druid.sql.ast.expr.SQLAggregateExpr;
import com.alibaba.druid.sql.ast.expr.SQLAllColumnExpr;
import com.alibaba.druid.sql.ast.expr.SQLAllExpr;
import com.alibaba.druid.sql.ast.expr.SQLAnyExpr;
import com.alibaba.druid.sql.ast.expr.SQLBetweenExpr;
import com.alibaba.druid.sql.ast.expr.SQLBinaryOpExpr;
import com.alibaba.druid.sql.ast.expr.SQLBinaryOperator;
import com.alibaba.druid.sql.ast.expr.SQLBooleanExpr;
import com.alibaba.druid.sql.ast.expr.SQLCaseExpr;
import com.alibaba.druid.sql.ast.expr.SQLCastExpr;
import com.alibaba.druid.sql.ast.expr.SQLDefaultExpr;
import com.alibaba.druid.sql.ast.expr.SQLExistsExpr;
import com.alibaba.druid.sql.ast.expr.SQLExtractExpr;
import com.alibaba.druid.sql.ast.expr.SQLIdentifierExpr;
import com.alibaba.druid.sql.ast.expr.SQLInListExpr;
import com.alibaba.druid.sql.ast.expr.SQLInSubQueryExpr;
import com.alibaba.druid.sql.ast.expr.SQLIntervalExpr;
import com.alibaba.druid.sql.ast.expr.SQLListExpr;
import com.alibaba.druid.sql.ast.expr.SQLMethodInvokeExpr;
import com.alibaba.druid.sql.ast.expr.SQLNotExpr;
import com.alibaba.druid.sql.ast.expr.SQLNullExpr;
import com.alibaba.druid.sql.ast.expr.SQLPropertyExpr;
import com.alibaba.druid.sql.ast.expr.SQLQueryExpr;
import com.alibaba.druid.sql.ast.expr.SQLSomeExpr;
import com.alibaba.druid.sql.ast.expr.SQLUnaryExpr;
import com.alibaba.druid.sql.ast.expr.SQLVariantRefExpr;
import com.alibaba.druid.sql.ast.statement.SQLCharacterDataType;
import com.alibaba.druid.sql.ast.statement.SQLExprTableSource;
import com.alibaba.druid.sql.ast.statement.SQLInsertStatement;
import com.alibaba.druid.sql.ast.statement.SQLJoinTableSource;
import com.alibaba.druid.sql.ast.statement.SQLReplaceStatement;
import com.alibaba.druid.sql.ast.statement.SQLSelect;
import com.alibaba.druid.sql.ast.statement.SQLSelectGroupByClause;
import com.alibaba.druid.sql.ast.statement.SQLSelectItem;
import com.alibaba.druid.sql.ast.statement.SQLSelectOrderByItem;
import com.alibaba.druid.sql.ast.statement.SQLSelectStatement;
import com.alibaba.druid.sql.ast.statement.SQLSubqueryTableSource;
import com.alibaba.druid.sql.ast.statement.SQLTruncateStatement;
import com.alibaba.druid.sql.ast.statement.SQLUnionOperator;
import com.alibaba.druid.sql.ast.statement.SQLUnionQuery;
import com.alibaba.druid.sql.ast.statement.SQLUnionQueryTableSource;
import com.alibaba.druid.sql.ast.statement.SQLUpdateSetItem;
import com.alibaba.druid.sql.ast.statement.SQLWithSubqueryClause;
import com.alibaba.druid.sql.dialect.mysql.ast.MySqlForceIndexHint;
import com.alibaba.druid.sql.dialect.mysql.ast.MySqlIgnoreIndexHint;
import com.alibaba.druid.sql.dialect.mysql.ast.MySqlUseIndexHint;
import com.alibaba.druid.sql.dialect.mysql.ast.expr.MySqlOrderingExpr;
import com.alibaba.druid.sql.dialect.mysql.ast.expr.MySqlOutFileExpr;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlDeleteStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlInsertStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlSelectQueryBlock;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlUpdateStatement;
import java.util.EnumSet;
import java.util.Set;

/** The nodes and operators of the parser's tree that are understood; anything else is opaque. */
final class Whitelist {
  private static final Set<Class<? extends SQLObject>> NODES =
      Set.of(
          SQLSelectStatement.class,
          MySqlInsertStatement.class,
          SQLReplaceStatement.class,
          MySqlUpdateStatement.class,
          MySqlDeleteStatement.class,
          SQLTruncateStatement.class,
          SQLInsertStatement.ValuesClause.class,
          SQLUpdateSetItem.class,
          SQLSelect.class,
          MySqlSelectQueryBlock.class,
          SQLUnionQuery.class,
          SQLSelectItem.class,
          SQLExprTableSource.class,
          SQLJoinTableSource.class,
          SQLSubqueryTableSource.class,
          SQLUnionQueryTableSource.class,
          SQLWithSubqueryClause.class,
          SQLWithSubqueryClause.Entry.class,
          SQLOrderBy.class,
          SQLSelectOrderByItem.class,
          SQLSelectGroupByClause.class,
          MySqlOrderingExpr.class,
          SQLLimit.class,
          SQLOver.class,
          SQLWindow.class,
          MySqlUseIndexHint.class,
          MySqlForceIndexHint.class,
          MySqlIgnoreIndexHint.class,
          MySqlOutFileExpr.class,
          SQLIdentifierExpr.class,
          SQLPropertyExpr.class,
          SQLAllColumnExpr.class,
          SQLVariantRefExpr.class,
          SQLNullExpr.class,
          SQLDefaultExpr.class,
          SQLBooleanExpr.class,
          SQLBinaryOpExpr.class,
          SQLUnaryExpr.class,
          SQLNotExpr.class,
          SQLBetweenExpr.class,
          SQLInListExpr.class,
          SQLInSubQueryExpr.class,
          SQLListExpr.class,
          SQLExistsExpr.class,
          SQLQueryExpr.class,
          SQLAllExpr.class,
          SQLAnyExpr.class,
          SQLSomeExpr.class,
          SQLCaseExpr.class,
          SQLCommentHint.class,
          SQLCaseExpr.Item.class,
          SQLCastExpr.class,
          SQLDataTypeImpl.class,
          SQLDataTypeRefExpr.class,
          SQLCharacterDataType.class,
          SQLIntervalExpr.class,
          SQLExtractExpr.class,
          SQLCurrentTimeExpr.class,
          SQLMethodInvokeExpr.class,
          SQLAggregateExpr.class);

  private static final Set<SQLBinaryOperator> OPERATORS =
      EnumSet.of(
          SQLBinaryOperator.BooleanAnd,
          SQLBinaryOperator.BooleanOr,
          SQLBinaryOperator.Equality,
          SQLBinaryOperator.NotEqual,
          SQLBinaryOperator.LessThanOrGreater,
          SQLBinaryOperator.LessThan,
          SQLBinaryOperator.LessThanOrEqual,
          SQLBinaryOperator.GreaterThan,
          SQLBinaryOperator.GreaterThanOrEqual,
          SQLBinaryOperator.LessThanOrEqualOrGreaterThan,
          SQLBinaryOperator.Is,
          SQLBinaryOperator.IsNot,
          SQLBinaryOperator.Like,
          SQLBinaryOperator.NotLike,
          SQLBinaryOperator.Escape,
          SQLBinaryOperator.Add,
          SQLBinaryOperator.Subtract,
          SQLBinaryOperator.Multiply,
          SQLBinaryOperator.Divide,
          SQLBinaryOperator.Modulus,
          SQLBinaryOperator.DIV,
          SQLBinaryOperator.Mod,
          SQLBinaryOperator.RegExp,
          SQLBinaryOperator.NotRegExp,
          SQLBinaryOperator.RLike,
          SQLBinaryOperator.NotRLike,
          SQLBinaryOperator.COLLATE,
          SQLBinaryOperator.SubGt,
          SQLBinaryOperator.SubGtGt);

  private static final Set<SQLUnionOperator> UNIONS =
      EnumSet.of(SQLUnionOperator.UNION, SQLUnionOperator.UNION_ALL, SQLUnionOperator.DISTINCT);

  private Whitelist() {}

  static boolean has(SQLObject node) {
    return NODES.contains(node.getClass());
  }

  static boolean has(SQLBinaryOperator operator) {
    return OPERATORS.contains(operator);
  }

  static boolean has(SQLUnionOperator operator) {
    return UNIONS.contains(operator);
  }
}

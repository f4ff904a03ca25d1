package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLExpr;
import com.alibaba.druid.sql.ast.expr.SQLBinaryOpExpr;
import com.alibaba.druid.sql.ast.expr.SQLBinaryOperator;
import com.alibaba.druid.sql.ast.expr.SQLIdentifierExpr;
import com.alibaba.druid.sql.ast.expr.SQLMethodInvokeExpr;
import com.alibaba.druid.sql.ast.expr.SQLPropertyExpr;
import com.alibaba.druid.sql.ast.statement.SQLExprTableSource;
import com.alibaba.druid.sql.ast.statement.SQLInsertStatement;
import com.alibaba.druid.sql.ast.statement.SQLReplaceStatement;
import com.alibaba.druid.sql.ast.statement.SQLTableSource;
import com.alibaba.druid.sql.ast.statement.SQLUpdateSetItem;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlDeleteStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlInsertStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlUpdateStatement;
import io.crossfade.api.sql.Statement.Assignment;
import io.crossfade.api.sql.Statement.Delete;
import io.crossfade.api.sql.Statement.Insert;
import io.crossfade.api.sql.Statement.Update;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads INSERT, REPLACE, UPDATE and DELETE of one table; null when the shape is not understood. */
final class WriteShapes {
  private final String database;
  private final Selections selections;
  private final @Nullable String rowAlias;

  /**
   * @param rowAlias the alias of the inserted row ({@code VALUES (…) AS new}), if any
   */
  WriteShapes(String database, Selections selections, @Nullable String rowAlias) {
    this.database = database;
    this.selections = selections;
    this.rowAlias = rowAlias;
  }

  @Nullable Insert insert(MySqlInsertStatement statement) {
    if (statement.getQuery() != null) {
      return null;
    }
    List<Assignment> onDuplicate = null;
    if (!statement.getDuplicateKeyUpdate().isEmpty()) {
      onDuplicate = new ArrayList<>();
      for (SQLExpr expr : statement.getDuplicateKeyUpdate()) {
        Assignment assignment = onDuplicate(expr, statement.getTableSource());
        if (assignment == null) {
          return null;
        }
        onDuplicate.add(assignment);
      }
    }
    return rows(
        statement.getTableSource(),
        statement.getColumns(),
        statement.getValuesList(),
        statement.isIgnore(),
        onDuplicate);
  }

  @Nullable Insert replace(SQLReplaceStatement statement) {
    if (statement.getQuery() != null) {
      return null;
    }
    return rows(
        statement.getTableSource(), statement.getColumns(), statement.getValuesList(), false, null);
  }

  @Nullable Update update(MySqlUpdateStatement statement) {
    SQLExprTableSource source = single(statement.getTableSource());
    TableName table = source == null ? null : Names.table(source.getExpr(), database);
    if (source == null
        || table == null
        || statement.getWith() != null
        || statement.getFrom() != null) {
      return null;
    }
    List<Assignment> assignments = new ArrayList<>();
    for (SQLUpdateSetItem item : statement.getItems()) {
      String column = Names.column(item.getColumn(), source, database);
      if (column == null) {
        return null;
      }
      assignments.add(new Assignment(column, Conditions.operand(item.getValue())));
    }
    Condition where = new Conditions(source, database, true).read(statement.getWhere());
    boolean bounded = statement.getOrderBy() != null || statement.getLimit() != null;
    return new Update(
        table,
        List.copyOf(assignments),
        whole(where, source),
        bounded,
        bounded ? null : selections.of(source, table, statement.getWhere()));
  }

  @Nullable Delete delete(MySqlDeleteStatement statement) {
    SQLExprTableSource source = single(statement.getTableSource());
    TableName table = source == null ? null : Names.table(source.getExpr(), database);
    if (source == null
        || table == null
        || statement.getWith() != null
        || statement.getFrom() != null
        || statement.getUsing() != null) {
      return null;
    }
    Condition where = new Conditions(source, database, true).read(statement.getWhere());
    boolean bounded = statement.getOrderBy() != null || statement.getLimit() != null;
    return new Delete(
        table,
        whole(where, source),
        bounded,
        bounded ? null : selections.of(source, table, statement.getWhere()));
  }

  private static @Nullable SQLExprTableSource single(SQLTableSource source) {
    return source instanceof SQLExprTableSource table ? table : null;
  }

  /** PARTITION (…) is a condition of its own. */
  private static Condition whole(Condition where, SQLExprTableSource source) {
    return source.getPartitionSize() > 0 ? new Condition(where.conjuncts(), false) : where;
  }

  private @Nullable Insert rows(
      SQLExprTableSource source,
      List<SQLExpr> columnList,
      List<SQLInsertStatement.ValuesClause> clauses,
      boolean ignore,
      @Nullable List<Assignment> onDuplicate) {
    TableName table = Names.table(source.getExpr(), database);
    List<String> columns = new ArrayList<>();
    for (SQLExpr expr : columnList) {
      String column = Names.column(expr, source, database);
      if (column == null) {
        return null;
      }
      columns.add(column);
    }
    List<List<Operand>> rows = new ArrayList<>();
    for (SQLInsertStatement.ValuesClause clause : clauses) {
      List<SQLExpr> values = clause.getValues();
      if (values.isEmpty() || (!columns.isEmpty() && values.size() != columns.size())) {
        return null;
      }
      rows.add(values.stream().map(Conditions::operand).toList());
    }
    if (table == null
        || rows.isEmpty()
        || rows.stream().anyMatch(r -> r.size() != rows.get(0).size())) {
      return null;
    }
    return new Insert(
        table,
        List.copyOf(columns),
        List.copyOf(rows),
        ignore,
        onDuplicate == null ? null : List.copyOf(onDuplicate));
  }

  private @Nullable Assignment onDuplicate(SQLExpr expr, SQLExprTableSource source) {
    if (!(expr instanceof SQLBinaryOpExpr assignment)
        || assignment.getOperator() != SQLBinaryOperator.Equality) {
      return null;
    }
    String column = Names.column(assignment.getLeft(), source, database);
    if (column == null) {
      return null;
    }
    boolean same = column.equalsIgnoreCase(inserted(assignment.getRight()));
    return new Assignment(column, same ? Operand.SAME : Conditions.operand(assignment.getRight()));
  }

  /** The column whose inserted value {@code expr} is: {@code VALUES(c)} or {@code new.c}. */
  private @Nullable String inserted(SQLExpr expr) {
    if (expr instanceof SQLMethodInvokeExpr values
        && values.getMethodName().equalsIgnoreCase("VALUES")
        && values.getArguments().size() == 1
        && values.getArguments().get(0) instanceof SQLIdentifierExpr name) {
      return Names.unquote(name.getName());
    }
    if (rowAlias != null
        && expr instanceof SQLPropertyExpr property
        && property.getOwner() instanceof SQLIdentifierExpr owner
        && Names.unquote(owner.getName()).equalsIgnoreCase(rowAlias)) {
      return Names.unquote(property.getName());
    }
    return null;
  }
}

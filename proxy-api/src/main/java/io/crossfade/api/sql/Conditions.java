package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLExpr;
import com.alibaba.druid.sql.ast.expr.SQLBetweenExpr;
import com.alibaba.druid.sql.ast.expr.SQLBinaryOpExpr;
import com.alibaba.druid.sql.ast.expr.SQLBinaryOperator;
import com.alibaba.druid.sql.ast.expr.SQLDefaultExpr;
import com.alibaba.druid.sql.ast.expr.SQLInListExpr;
import com.alibaba.druid.sql.ast.expr.SQLListExpr;
import com.alibaba.druid.sql.ast.expr.SQLNullExpr;
import com.alibaba.druid.sql.ast.expr.SQLVariantRefExpr;
import com.alibaba.druid.sql.ast.statement.SQLExprTableSource;
import io.crossfade.api.sql.Condition.Comparison;
import io.crossfade.api.sql.Condition.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a WHERE clause as a conjunction of {@code column op value}. */
final class Conditions {
  private final SQLExprTableSource source;
  private final String database;
  private final boolean nullSafeIsEqual;

  /**
   * @param nullSafeIsEqual whether {@code <=>} may be read as {@code =}: right where more rows are
   *     harmless, wrong where the rows are the answer (the value may be NULL)
   */
  Conditions(SQLExprTableSource source, String database, boolean nullSafeIsEqual) {
    this.source = source;
    this.database = database;
    this.nullSafeIsEqual = nullSafeIsEqual;
  }

  Condition read(@Nullable SQLExpr where) {
    if (where == null) {
      return Condition.NONE;
    }
    List<Comparison> conjuncts = new ArrayList<>();
    boolean complete = true;
    Deque<SQLExpr> open = new ArrayDeque<>();
    open.push(where);
    while (!open.isEmpty()) {
      SQLExpr expr = open.pop();
      if (expr instanceof SQLBinaryOpExpr and
          && and.getOperator() == SQLBinaryOperator.BooleanAnd) {
        open.push(and.getRight());
        open.push(and.getLeft());
      } else {
        complete &= comparison(expr, conjuncts);
      }
    }
    return new Condition(List.copyOf(conjuncts), complete);
  }

  /** The operand that {@code expr} is. */
  static Operand operand(@Nullable SQLExpr expr) {
    if (expr instanceof SQLVariantRefExpr value && value.getName().equals("?")) {
      return Operand.value(value.getIndex());
    }
    if (expr instanceof SQLNullExpr) {
      return Operand.NULL;
    }
    return expr instanceof SQLDefaultExpr ? Operand.DEFAULT : Operand.EXPRESSION;
  }

  private boolean comparison(SQLExpr expr, List<Comparison> to) {
    if (expr instanceof SQLInListExpr in) {
      return !in.isNot() && add(to, in.getExpr(), Op.IN, in.getTargetList());
    }
    if (expr instanceof SQLBetweenExpr between) {
      return !between.isNot()
          && column(between.getTestExpr()) != null
          && isValue(between.getBeginExpr())
          && isValue(between.getEndExpr())
          && add(to, between.getTestExpr(), Op.GE, List.of(between.getBeginExpr()))
          && add(to, between.getTestExpr(), Op.LE, List.of(between.getEndExpr()));
    }
    return expr instanceof SQLBinaryOpExpr binary && binary(binary, to);
  }

  private boolean binary(SQLBinaryOpExpr binary, List<Comparison> to) {
    SQLExpr left = binary.getLeft();
    SQLExpr right = binary.getRight();
    SQLBinaryOperator operator = binary.getOperator();
    if (right instanceof SQLNullExpr) {
      String column = column(left);
      Op op =
          switch (operator) {
            case Is, LessThanOrEqualOrGreaterThan -> Op.IS_NULL;
            case IsNot -> Op.IS_NOT_NULL;
            default -> null;
          };
      if (column == null || op == null) {
        return false;
      }
      to.add(new Comparison(List.of(column), op, List.of()));
      return true;
    }
    Op op = op(operator);
    if (op == null) {
      return false;
    }
    return columns(left).isEmpty()
        ? add(to, right, reversed(op), List.of(left))
        : add(to, left, op, List.of(right));
  }

  private @Nullable Op op(SQLBinaryOperator operator) {
    return switch (operator) {
      case Equality -> Op.EQ;
      case LessThan -> Op.LT;
      case LessThanOrEqual -> Op.LE;
      case GreaterThan -> Op.GT;
      case GreaterThanOrEqual -> Op.GE;
      case LessThanOrEqualOrGreaterThan -> nullSafeIsEqual ? Op.EQ : null;
      default -> null;
    };
  }

  private static Op reversed(Op op) {
    return switch (op) {
      case LT -> Op.GT;
      case LE -> Op.GE;
      case GT -> Op.LT;
      case GE -> Op.LE;
      case EQ, IN, IS_NULL, IS_NOT_NULL -> op;
    };
  }

  /** Adds {@code left op rows}; false, adding nothing, when a part is not understood. */
  private boolean add(List<Comparison> to, SQLExpr left, Op op, List<SQLExpr> rows) {
    List<String> columns = columns(left);
    List<Operand> operands = new ArrayList<>();
    for (SQLExpr row : rows) {
      List<SQLExpr> parts = row instanceof SQLListExpr list ? list.getItems() : List.of(row);
      if (parts.size() != columns.size() || !parts.stream().allMatch(Conditions::isValue)) {
        return false;
      }
      parts.forEach(part -> operands.add(operand(part)));
    }
    if (columns.isEmpty() || operands.isEmpty()) {
      return false;
    }
    to.add(new Comparison(columns, op, List.copyOf(operands)));
    return true;
  }

  private static boolean isValue(SQLExpr expr) {
    return operand(expr).kind() == Operand.Kind.VALUE;
  }

  private @Nullable String column(SQLExpr expr) {
    return Names.column(expr, source, database);
  }

  /** The columns of a column or a row constructor; empty when a part is anything else. */
  private List<String> columns(SQLExpr expr) {
    List<SQLExpr> parts = expr instanceof SQLListExpr list ? list.getItems() : List.of(expr);
    List<String> columns = new ArrayList<>();
    for (SQLExpr part : parts) {
      String column = column(part);
      if (column == null) {
        return List.of();
      }
      columns.add(column);
    }
    return List.copyOf(columns);
  }
}

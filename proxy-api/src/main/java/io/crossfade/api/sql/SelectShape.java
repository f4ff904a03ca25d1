package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLExpr;
import com.alibaba.druid.sql.ast.SQLLimit;
import com.alibaba.druid.sql.ast.SQLOrderBy;
import com.alibaba.druid.sql.ast.SQLOrderingSpecification;
import com.alibaba.druid.sql.ast.expr.SQLAggregateExpr;
import com.alibaba.druid.sql.ast.expr.SQLAllColumnExpr;
import com.alibaba.druid.sql.ast.expr.SQLIdentifierExpr;
import com.alibaba.druid.sql.ast.expr.SQLPropertyExpr;
import com.alibaba.druid.sql.ast.statement.SQLExprTableSource;
import com.alibaba.druid.sql.ast.statement.SQLSelect;
import com.alibaba.druid.sql.ast.statement.SQLSelectItem;
import com.alibaba.druid.sql.ast.statement.SQLSelectOrderByItem;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlSelectQueryBlock;
import io.crossfade.api.sql.Statement.Item;
import io.crossfade.api.sql.Statement.Limit;
import io.crossfade.api.sql.Statement.OrderBy;
import io.crossfade.api.sql.Statement.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SELECT from one table. Index hints are understood (they choose a path, not a result);
 * optimizer hints only when they are on a list.
 */
final class SelectShape {
  private static final Set<String> HARMLESS_HINTS =
      Set.of(
          "INDEX",
          "NO_INDEX",
          "JOIN_INDEX",
          "NO_JOIN_INDEX",
          "ORDER_INDEX",
          "NO_ORDER_INDEX",
          "MRR",
          "NO_MRR",
          "NO_ICP",
          "NO_RANGE_OPTIMIZATION",
          "INDEX_MERGE",
          "NO_INDEX_MERGE",
          "SKIP_SCAN",
          "NO_SKIP_SCAN",
          "MAX_EXECUTION_TIME");

  private static final Set<String> MODIFIERS =
      Set.of(
          "DISTINCT", "DISTINCTROW", "SQL_CALC_FOUND_ROWS", "INTO", "SHARE", "UPDATE", "PARTITION");

  private final String template;
  private final List<Token> tokens;
  private final String database;

  SelectShape(String template, List<Token> tokens, String database) {
    this.template = template;
    this.tokens = tokens;
    this.database = database;
  }

  /** The SELECT, or null when a part of it is not understood. */
  @Nullable Select read(SQLSelect select) {
    if (!(select.getQuery() instanceof MySqlSelectQueryBlock block)
        || !(block.getFrom() instanceof SQLExprTableSource source)
        || !plain(select, block)) {
      return null;
    }
    TableName table = Names.table(source.getExpr(), database);
    String list = selectList();
    List<Item> items = new ArrayList<>();
    for (SQLSelectItem item : block.getSelectList()) {
      Item read = item(item, source);
      if (read == null) {
        return null;
      }
      items.add(read);
    }
    Condition where = new Conditions(source, database, false).read(block.getWhere());
    List<OrderBy> order = order(block, source);
    Limit limit = limit(block.getLimit());
    if (table == null
        || list == null
        || items.isEmpty()
        || mixesCount(items)
        || !where.complete()
        || order == null
        || (limit == null && block.getLimit() != null)) {
      return null;
    }
    return new Select(List.copyOf(items), table, where, order, limit, list);
  }

  private boolean plain(SQLSelect select, MySqlSelectQueryBlock block) {
    boolean clauses =
        select.getWithSubQuery() == null
            && select.getOrderBy() == null
            && select.getLimit() == null
            && block.getDistionOption() == 0
            && block.getGroupBy() == null
            && block.getInto() == null
            && block.getWindows() == null
            && !block.isForUpdate()
            && !block.isForShare()
            && !block.isLockInShareMode()
            && !block.isCalcFoundRows()
            && block.getProcedureName() == null;
    if (!clauses || !tokens.get(0).is(template, "SELECT")) {
      return false;
    }
    for (Token token : tokens) {
      if (token.kind() == Token.Kind.HINT && !harmless(token.text(template))) {
        return false;
      }
      if (token.kind() == Token.Kind.WORD
          && MODIFIERS.contains(token.text(template).toUpperCase(Locale.ROOT))) {
        return false;
      }
    }
    return true;
  }

  private static boolean harmless(String hint) {
    String body = hint.substring(3, hint.length() - 2).strip();
    for (String part : body.split("\\)\\s*", -1)) {
      int open = part.indexOf('(');
      String name = (open < 0 ? part : part.substring(0, open)).strip().toUpperCase(Locale.ROOT);
      if (!name.isEmpty() && !HARMLESS_HINTS.contains(name)) {
        return false;
      }
    }
    return true;
  }

  private static boolean mixesCount(List<Item> items) {
    boolean counts = items.stream().anyMatch(i -> i.kind() == Item.Kind.COUNT_ALL);
    return counts && !items.stream().allMatch(i -> i.kind() == Item.Kind.COUNT_ALL);
  }

  private @Nullable Item item(SQLSelectItem item, SQLExprTableSource source) {
    SQLExpr expr = item.getExpr();
    if (expr instanceof SQLAllColumnExpr all) {
      boolean mine = all.getOwner() == null || Names.qualifies(all.getOwner(), source, database);
      return mine && item.getAlias() == null && all.getExcept() == null
          ? new Item(Item.Kind.ALL, "*")
          : null;
    }
    if (expr instanceof SQLPropertyExpr all && all.getName().equals("*")) {
      boolean mine = Names.qualifies(all.getOwner(), source, database);
      return mine && item.getAlias() == null ? new Item(Item.Kind.ALL, "*") : null;
    }
    if (expr instanceof SQLAggregateExpr count) {
      return isCountAll(count) ? new Item(Item.Kind.COUNT_ALL, "*") : null;
    }
    String column = Names.column(expr, source, database);
    return column == null ? null : new Item(Item.Kind.COLUMN, column);
  }

  private static boolean isCountAll(SQLAggregateExpr count) {
    return count.getMethodName().equalsIgnoreCase("COUNT")
        && count.getOption() == null
        && count.getOver() == null
        && count.getOverRef() == null
        && count.getFilter() == null
        && count.getOrderBy() == null
        && count.getArguments().size() == 1
        && count.getArguments().get(0) instanceof SQLAllColumnExpr all
        && all.getOwner() == null;
  }

  private @Nullable List<OrderBy> order(MySqlSelectQueryBlock block, SQLExprTableSource source) {
    SQLOrderBy clause = block.getOrderBy();
    if (clause == null) {
      return List.of();
    }
    List<OrderBy> order = new ArrayList<>();
    for (SQLSelectOrderByItem item : clause.getItems()) {
      String column = orderColumn(item.getExpr(), block, source);
      if (column == null || item.getCollate() != null || item.getNullsOrderType() != null) {
        return null;
      }
      order.add(new OrderBy(column, item.getType() == SQLOrderingSpecification.DESC));
    }
    return List.copyOf(order);
  }

  /** ORDER BY looks for an unqualified name among the aliases first. */
  private @Nullable String orderColumn(
      SQLExpr expr, MySqlSelectQueryBlock block, SQLExprTableSource source) {
    String column = Names.column(expr, source, database);
    if (column == null || !(expr instanceof SQLIdentifierExpr)) {
      return column;
    }
    String found = null;
    for (SQLSelectItem item : block.getSelectList()) {
      String alias = item.getAlias();
      if (alias == null || !Names.unquote(alias).equalsIgnoreCase(column)) {
        continue;
      }
      String aliased = Names.column(item.getExpr(), source, database);
      if (aliased == null || (found != null && !found.equalsIgnoreCase(aliased))) {
        return null;
      }
      found = aliased;
    }
    return found == null ? column : found;
  }

  private static @Nullable Limit limit(@Nullable SQLLimit limit) {
    if (limit == null) {
      return null;
    }
    Operand count = Conditions.operand(limit.getRowCount());
    Operand offset = limit.getOffset() == null ? null : Conditions.operand(limit.getOffset());
    boolean values =
        count.kind() == Operand.Kind.VALUE
            && (offset == null || offset.kind() == Operand.Kind.VALUE);
    return values && (limit.getBy() == null || limit.getBy().isEmpty())
        ? new Limit(count, offset)
        : null;
  }

  /**
   * The text between SELECT and FROM; null where COUNT(*) has blanks, which its name would show.
   */
  private @Nullable String selectList() {
    for (int i = 1; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.is(template, "(") && token.start() != tokens.get(i - 1).end()) {
        return null;
      }
      if (token.is(template, "*")
          && token.depth() > 0
          && !template.startsWith("(*)", token.start() - 1)) {
        return null;
      }
      if (token.depth() == 0 && token.is(template, "FROM")) {
        return template.substring(tokens.get(0).end(), token.start()).strip();
      }
    }
    return null;
  }
}

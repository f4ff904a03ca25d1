package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLExpr;
import com.alibaba.druid.sql.ast.expr.SQLIdentifierExpr;
import com.alibaba.druid.sql.ast.expr.SQLPropertyExpr;
import com.alibaba.druid.sql.ast.statement.SQLExprTableSource;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names as MySQL means them: without back quotes, qualified by the session's database. */
final class Names {
  private static final Set<String> NILADIC =
      Set.of(
          "CURRENT_DATE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "CURRENT_USER",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "UTC_DATE",
          "UTC_TIME",
          "UTC_TIMESTAMP");

  private Names() {}

  static String unquote(String name) {
    int n = name.length();
    return n >= 2 && name.charAt(0) == '`' && name.charAt(n - 1) == '`'
        ? name.substring(1, n - 1)
        : name;
  }

  /** The table that {@code expr} names, or null when it is not a plain name. */
  static @Nullable TableName table(@Nullable SQLExpr expr, String database) {
    if (expr instanceof SQLIdentifierExpr name) {
      return new TableName(database, unquote(name.getName()));
    }
    if (expr instanceof SQLPropertyExpr name
        && name.getOwner() instanceof SQLIdentifierExpr schema) {
      return new TableName(unquote(schema.getName()), unquote(name.getName()));
    }
    return null;
  }

  /**
   * The column that {@code expr} names, or null when it is not a column of {@code source}.
   *
   * @param source the only table of the statement
   */
  static @Nullable String column(
      @Nullable SQLExpr expr, SQLExprTableSource source, String database) {
    if (expr instanceof SQLIdentifierExpr name) {
      boolean function = NILADIC.contains(name.getName().toUpperCase(Locale.ROOT));
      return function ? null : unquote(name.getName());
    }
    if (expr instanceof SQLPropertyExpr name && qualifies(name.getOwner(), source, database)) {
      return unquote(name.getName());
    }
    return null;
  }

  /** Whether {@code owner} in {@code owner.column} means {@code source}. */
  static boolean qualifies(@Nullable SQLExpr owner, SQLExprTableSource source, String database) {
    TableName table = table(source.getExpr(), database);
    if (table == null) {
      return false;
    }
    String alias = source.getAlias();
    if (owner instanceof SQLIdentifierExpr name) {
      return unquote(name.getName()).equals(alias == null ? table.table() : unquote(alias));
    }
    return alias == null && owner != null && table.equals(table(owner, database));
  }
}

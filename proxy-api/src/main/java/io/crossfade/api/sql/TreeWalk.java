package io.crossfade.api.sql;

import com.alibaba.druid.sql.ast.SQLExpr;
import com.alibaba.druid.sql.ast.SQLHint;
import com.alibaba.druid.sql.ast.SQLObject;
import com.alibaba.druid.sql.ast.SQLStatement;
import com.alibaba.druid.sql.ast.expr.SQLAggregateExpr;
import com.alibaba.druid.sql.ast.expr.SQLAllColumnExpr;
import com.alibaba.druid.sql.ast.expr.SQLBinaryOpExpr;
import com.alibaba.druid.sql.ast.expr.SQLIdentifierExpr;
import com.alibaba.druid.sql.ast.expr.SQLMethodInvokeExpr;
import com.alibaba.druid.sql.ast.expr.SQLPropertyExpr;
import com.alibaba.druid.sql.ast.expr.SQLVariantRefExpr;
import com.alibaba.druid.sql.ast.statement.SQLExprTableSource;
import com.alibaba.druid.sql.ast.statement.SQLJoinTableSource;
import com.alibaba.druid.sql.ast.statement.SQLSelectItem;
import com.alibaba.druid.sql.ast.statement.SQLTableSource;
import com.alibaba.druid.sql.ast.statement.SQLUnionQuery;
import com.alibaba.druid.sql.ast.statement.SQLWithSubqueryClause;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlDeleteStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlInsertStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlUpdateStatement;
import com.alibaba.druid.sql.dialect.mysql.visitor.MySqlASTVisitorAdapter;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks the tree of one statement: its tables, and the first thing in it that is not on a list.
 *
 * <p>The parser has node classes that do not show all their children. So the walk also notes every
 * name and every value it has seen; what the text has and the walk has not makes it opaque.
 */
final class TreeWalk extends MySqlASTVisitorAdapter {
  private final String database;
  private final Set<TableName> tables = new LinkedHashSet<>();
  private final Set<String> names = new HashSet<>();
  private final Set<SQLObject> aliasTargets = Collections.newSetFromMap(new IdentityHashMap<>());
  private final BitSet values = new BitSet();
  private @Nullable String opaque;

  private TreeWalk(String database) {
    this.database = database;
  }

  /** Walks {@code statement}. */
  static TreeWalk of(SQLStatement statement, String database) {
    TreeWalk walk = new TreeWalk(database);
    statement.accept(walk);
    return walk;
  }

  List<TableName> tables() {
    return List.copyOf(tables);
  }

  /** The first thing that is not on a list, or null. */
  @Nullable String opaque() {
    return opaque;
  }

  /** Whether the walk saw exactly the values 0 to {@code count - 1}. */
  boolean sawValues(int count) {
    return values.cardinality() == count && values.length() == count;
  }

  /** Whether {@code name} was seen anywhere in the tree. */
  boolean sawName(String name) {
    return names.contains(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public void preVisit(SQLObject node) {
    if (!Whitelist.has(node)) {
      refuse("node:" + node.getClass().getSimpleName());
    }
    if (node instanceof SQLTableSource source) {
      see(source.getAlias());
    }
  }

  @Override
  public boolean visit(SQLExprTableSource node) {
    if (node.getHintsSize() > 0) {
      for (SQLHint hint : node.getHints()) {
        hint.accept(this);
      }
    }
    TableName table = Names.table(node.getExpr(), database);
    if (table == null) {
      // SELECT … INTO @v has its variable here.
      if (!(node.getExpr() instanceof SQLVariantRefExpr into && into.getName().startsWith("@"))) {
        refuse("table");
      }
    } else if (!aliasTargets.contains(node) && !isDual(node.getExpr()) && !Ctes.isCte(node)) {
      tables.add(table);
    }
    return true;
  }

  private static boolean isDual(SQLExpr expr) {
    return expr instanceof SQLIdentifierExpr name && name.getName().equalsIgnoreCase("dual");
  }

  @Override
  public boolean visit(MySqlDeleteStatement node) {
    Set<String> aliases = new HashSet<>();
    aliases(node.getFrom(), aliases);
    aliases(node.getUsing(), aliases);
    targets(node.getTableSource(), aliases);
    return true;
  }

  private static void aliases(@Nullable SQLTableSource source, Set<String> to) {
    if (source instanceof SQLJoinTableSource join) {
      aliases(join.getLeft(), to);
      aliases(join.getRight(), to);
    } else if (source != null && source.getAlias() != null) {
      to.add(Names.unquote(source.getAlias()));
    }
  }

  private void targets(@Nullable SQLTableSource source, Set<String> aliases) {
    if (source instanceof SQLJoinTableSource join) {
      targets(join.getLeft(), aliases);
      targets(join.getRight(), aliases);
    } else if (source instanceof SQLExprTableSource table
        && table.getExpr() instanceof SQLIdentifierExpr name
        && aliases.contains(Names.unquote(name.getName()))) {
      aliasTargets.add(table);
    }
  }

  @Override
  public boolean visit(MySqlUpdateStatement node) {
    return with(node.getWith());
  }

  @Override
  public boolean visit(MySqlInsertStatement node) {
    return with(node.getWith());
  }

  private boolean with(@Nullable SQLWithSubqueryClause clause) {
    if (clause != null) {
      clause.accept(this);
    }
    return true;
  }

  @Override
  public boolean visit(SQLIdentifierExpr node) {
    see(node.getName());
    return true;
  }

  @Override
  public boolean visit(SQLPropertyExpr node) {
    see(node.getName());
    return true;
  }

  @Override
  public boolean visit(SQLAllColumnExpr node) {
    if (node.getOwner() != null) {
      node.getOwner().accept(this);
    }
    return true;
  }

  @Override
  public boolean visit(SQLSelectItem node) {
    see(node.getAlias());
    return true;
  }

  @Override
  public boolean visit(SQLVariantRefExpr node) {
    if (node.getName().equals("?")) {
      if (node.getIndex() < 0) {
        refuse("values");
      } else {
        values.set(node.getIndex());
      }
    }
    return true;
  }

  @Override
  public boolean visit(SQLBinaryOpExpr node) {
    if (!Whitelist.has(node.getOperator())) {
      refuse("operator:" + node.getOperator().name);
    }
    return true;
  }

  @Override
  public boolean visit(SQLUnionQuery node) {
    if (!Whitelist.has(node.getOperator())) {
      refuse("operator:" + node.getOperator().name);
    }
    return true;
  }

  @Override
  public boolean visit(SQLMethodInvokeExpr node) {
    return function(node);
  }

  @Override
  public boolean visit(SQLAggregateExpr node) {
    return function(node);
  }

  private boolean function(SQLMethodInvokeExpr node) {
    see(node.getMethodName());
    if (node.getOwner() != null || !Functions.isHarmless(node.getMethodName())) {
      refuse("function:" + Names.unquote(node.getMethodName()).toLowerCase(Locale.ROOT));
    }
    return true;
  }

  private void see(@Nullable String name) {
    if (name != null) {
      names.add(Names.unquote(name).toLowerCase(Locale.ROOT));
    }
  }

  private void refuse(String why) {
    if (opaque == null) {
      opaque = why;
    }
  }
}

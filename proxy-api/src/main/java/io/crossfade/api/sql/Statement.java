package io.crossfade.api.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one SQL statement is. Immutable and shared between sessions: it belongs to a template, the
 * values of one execution travel beside it.
 *
 * @param kind what the statement does
 * @param template the statement's text with every literal replaced by {@code ?}
 * @param tables every table the statement names, qualified by the session's database at analysis;
 *     aliases, CTEs and column qualifiers are not tables. Complete unless {@link #opaque}
 * @param opaque null when the statement was understood as a whole; else why not ("parser",
 *     "version-comment", "quotes", …): a short, stable token for a metric
 * @param select the SELECT, when every node of it is understood
 * @param insert the INSERT or REPLACE, when its shape is understood
 * @param update the single-table UPDATE, when its shape is understood
 * @param delete the single-table DELETE, when its shape is understood
 * @param values how many values (literals and parameters) the statement carries
 */
public record Statement(
    Kind kind,
    String template,
    List<TableName> tables,
    @Nullable String opaque,
    @Nullable Select select,
    @Nullable Insert insert,
    @Nullable Update update,
    @Nullable Delete delete,
    int values) {

  /** What a statement does, by its first words. */
  public enum Kind {
    SELECT,
    INSERT,
    REPLACE,
    UPDATE,
    DELETE,
    LOAD,
    TRUNCATE,
    /** CREATE, ALTER, DROP, RENAME and the like. */
    DDL,
    CALL,
    SET,
    USE,
    BEGIN,
    COMMIT,
    ROLLBACK,
    /** SAVEPOINT, RELEASE SAVEPOINT, ROLLBACK TO. */
    SAVEPOINT,
    XA,
    /** LOCK/UNLOCK TABLES, FLUSH. */
    LOCK,
    PREPARE,
    EXECUTE,
    DEALLOCATE,
    /** SHOW, EXPLAIN, DESCRIBE, HELP. */
    SHOW,
    /** Anything else or unreadable. */
    OTHER;

    /** Whether a statement of this kind can change rows of a table it names or reaches. */
    public boolean writes() {
      return switch (this) {
        case INSERT, REPLACE, UPDATE, DELETE, LOAD, TRUNCATE, DDL, CALL, EXECUTE, OTHER -> true;
        case SELECT,
            SET,
            USE,
            BEGIN,
            COMMIT,
            ROLLBACK,
            SAVEPOINT,
            XA,
            LOCK,
            PREPARE,
            DEALLOCATE,
            SHOW ->
            false;
      };
    }

    /**
     * Whether MySQL may commit the session's open transaction while it answers this. Everything not
     * proven otherwise may. See "Statements That Cause an Implicit Commit" in the manual.
     */
    public boolean mayCommit() {
      return switch (this) {
        case SELECT, INSERT, REPLACE, UPDATE, DELETE, SAVEPOINT, SHOW, USE -> false;
        case LOAD,
            TRUNCATE,
            DDL,
            CALL,
            SET,
            BEGIN,
            COMMIT,
            ROLLBACK,
            XA,
            LOCK,
            PREPARE,
            EXECUTE,
            DEALLOCATE,
            OTHER ->
            true;
      };
    }
  }

  /**
   * A SELECT from one table whose every node is understood.
   *
   * @param items the select list, never empty
   * @param table the table
   * @param where the condition, always complete
   * @param order ORDER BY, may be empty
   * @param limit LIMIT and OFFSET, if any
   * @param selectList the exact text of the select list (result column names depend on it)
   */
  public record Select(
      List<Item> items,
      TableName table,
      Condition where,
      List<OrderBy> order,
      @Nullable Limit limit,
      String selectList) {}

  /** One item of a select list: a column, {@code *} or {@code COUNT(*)}. */
  public record Item(Kind kind, String column) {
    /** What an item is. */
    public enum Kind {
      COLUMN,
      ALL,
      COUNT_ALL
    }
  }

  /** One ORDER BY element: a plain column. */
  public record OrderBy(String column, boolean descending) {}

  /** LIMIT {@code count} OFFSET {@code offset}; the operands are VALUEs. */
  public record Limit(Operand count, @Nullable Operand offset) {}

  /**
   * INSERT or REPLACE with VALUES rows (or SET form).
   *
   * @param table the table
   * @param columns the column list; empty when the statement names none (all columns, in order)
   * @param rows one list of operands a row
   * @param ignore INSERT IGNORE
   * @param onDuplicate assignments of ON DUPLICATE KEY UPDATE; null when there are none
   */
  public record Insert(
      TableName table,
      List<String> columns,
      List<List<Operand>> rows,
      boolean ignore,
      @Nullable List<Assignment> onDuplicate) {}

  /** {@code column = operand}. */
  public record Assignment(String column, Operand operand) {}

  /**
   * Single-table UPDATE.
   *
   * @param bounded it has ORDER BY or LIMIT
   * @param selection the rows it is about to change; null when asking ahead might tell other rows
   */
  public record Update(
      TableName table,
      List<Assignment> assignments,
      Condition where,
      boolean bounded,
      @Nullable Selection selection) {}

  /**
   * Single-table DELETE.
   *
   * @param bounded it has ORDER BY or LIMIT
   * @param selection the rows it is about to delete; null when asking ahead might tell other rows
   */
  public record Delete(
      TableName table, Condition where, boolean bounded, @Nullable Selection selection) {}

  /**
   * The rows that an UPDATE or DELETE changes, so that a SELECT of the same session and transaction
   * right before it finds them too. Its condition reads this table only and depends on nothing but
   * the row and the values.
   *
   * @param source the table with its alias, as it stands behind FROM; names quoted
   * @param condition what stands behind WHERE, with {@code ?} for the values; empty when all rows
   *     are changed. ASCII
   * @param first the number of the condition's first value; its values are the statement's last
   */
  public record Selection(String source, String condition, int first) {}
}

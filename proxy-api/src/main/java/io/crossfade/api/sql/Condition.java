package io.crossfade.api.sql;

import java.util.List;

/**
 * A WHERE clause as a conjunction.
 *
 * @param conjuncts the comparisons that must all hold; those that were understood
 * @param complete whether {@code conjuncts} is the whole condition; when false the rows it selects
 *     are a subset of those the conjuncts select
 */
public record Condition(List<Comparison> conjuncts, boolean complete) {
  /** No WHERE clause. */
  public static final Condition NONE = new Condition(List.of(), true);

  /** How a comparison compares. */
  public enum Op {
    EQ,
    LT,
    LE,
    GT,
    GE,
    IN,
    IS_NULL,
    IS_NOT_NULL
  }

  /**
   * {@code columns op operands}. BETWEEN arrives as GE and LE. A row constructor {@code (a,b) IN
   * ((1,2),(3,4))} has several columns and its operands row by row; {@code (a,b) < (1,2)} likewise.
   *
   * @param columns column names as written (unqualified); one, or several for a row constructor
   * @param op the comparison
   * @param operands as many as columns, or a multiple of it for IN; none for IS_NULL
   */
  public record Comparison(List<String> columns, Op op, List<Operand> operands) {}
}

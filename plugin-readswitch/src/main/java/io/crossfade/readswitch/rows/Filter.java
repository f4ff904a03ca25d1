package io.crossfade.readswitch.rows;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.sql.Condition.Op;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A conjunction of tests that a row must pass: true, not false nor unknown. */
public record Filter(List<Test> tests) {
  /** Every row passes. */
  public static final Filter ALL = new Filter(List.of());

  /**
   * {@code column op constants}.
   *
   * @param column position in the schema
   * @param op the comparison
   * @param constants text forms, null for SQL NULL; one for a comparison, any number for IN
   * @param order the column's order
   */
  public record Test(
      int column, Op op, List<byte @Nullable []> constants, Comparator<byte[]> order) {
    boolean passes(byte @Nullable [] value) {
      if (value == null) {
        return op == Op.IS_NULL;
      }
      return switch (op) {
        case IS_NULL -> false;
        case IS_NOT_NULL -> true;
        case EQ, IN -> compared(value).anyMatch(c -> c == 0);
        case LT -> compared(value).anyMatch(c -> c < 0);
        case LE -> compared(value).anyMatch(c -> c <= 0);
        case GT -> compared(value).anyMatch(c -> c > 0);
        case GE -> compared(value).anyMatch(c -> c >= 0);
      };
    }

    private Stream<Integer> compared(byte[] value) {
      return constants.stream().filter(c -> c != null).map(c -> order.compare(value, c));
    }
  }

  /** Whether every row passes. */
  public boolean isAll() {
    return tests.isEmpty();
  }

  /** Whether {@code row} passes. */
  public boolean matches(Row row) {
    for (Test test : tests) {
      if (!test.passes(row.get(test.column()))) {
        return false;
      }
    }
    return true;
  }
}

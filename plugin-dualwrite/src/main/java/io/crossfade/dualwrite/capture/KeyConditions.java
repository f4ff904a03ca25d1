package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.Condition;
import io.crossfade.api.sql.Condition.Comparison;
import io.crossfade.api.sql.Operand;
import io.crossfade.api.value.SqlValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key tuples that a WHERE clause may select: the product of its EQ and IN conjuncts on key
 * columns. Conjuncts that are not understood only make the true set smaller.
 */
final class KeyConditions {
  /** More tuples than that are not enumerated: their common prefix is marked instead. */
  static final int MAX_TUPLES = 1000;

  private final TableSchema schema;
  private final List<SqlValue> values;

  KeyConditions(TableSchema schema, List<SqlValue> values) {
    this.schema = schema;
    this.values = values;
  }

  /** One value per key column and tuple; null where the condition does not pin the column. */
  List<@Nullable SqlValue[]> tuples(Condition where) {
    List<@Nullable SqlValue[]> tuples = new ArrayList<>();
    tuples.add(new @Nullable SqlValue[schema.primaryKey().size()]);
    for (Comparison c : where.conjuncts()) {
      tuples = narrow(tuples, c);
    }
    return tuples;
  }

  private List<@Nullable SqlValue[]> narrow(List<@Nullable SqlValue[]> tuples, Comparison c) {
    int width = c.columns().size();
    boolean points =
        (c.op() == Condition.Op.EQ || c.op() == Condition.Op.IN)
            && width > 0
            && !c.operands().isEmpty()
            && c.operands().size() % width == 0;
    if (!points) {
      return tuples;
    }
    int[] at = new int[width];
    for (int i = 0; i < width; i++) {
      at[i] = keyPosition(schema, c.columns().get(i));
    }
    if (Arrays.stream(at).allMatch(p -> p < 0)) {
      return tuples;
    }
    int rows = c.operands().size() / width;
    if ((long) rows * tuples.size() > MAX_TUPLES) {
      return tuples;
    }
    List<@Nullable SqlValue[]> out = new ArrayList<>(rows * tuples.size());
    for (@Nullable SqlValue[] tuple : tuples) {
      for (int row = 0; row < rows; row++) {
        @Nullable SqlValue[] joined = join(tuple, at, c.operands(), row * width);
        if (joined != null) {
          out.add(joined);
        }
      }
    }
    return out;
  }

  /** Null when the row can match nothing: it compares a key column with NULL. */
  private @Nullable SqlValue @Nullable [] join(
      @Nullable SqlValue[] tuple, int[] at, List<Operand> operands, int from) {
    @Nullable SqlValue[] joined = tuple.clone();
    for (int i = 0; i < at.length; i++) {
      if (at[i] < 0) {
        continue;
      }
      SqlValue v = value(operands.get(from + i), values);
      if (operands.get(from + i).kind() == Operand.Kind.NULL
          || (v != null && v.form() == SqlValue.Form.NULL)) {
        return null;
      }
      if (joined[at[i]] == null) {
        joined[at[i]] = v;
      }
    }
    return joined;
  }

  /** The position of a column within the primary key, -1 when it is not part of it. */
  static int keyPosition(TableSchema schema, String column) {
    return schema.primaryKey().indexOf(schema.indexOf(column).orElse(-1));
  }

  /** The value an operand stands for; null when it is not one the proxy can see. */
  static @Nullable SqlValue value(Operand o, List<SqlValue> values) {
    if (o.kind() != Operand.Kind.VALUE || o.index() < 0 || o.index() >= values.size()) {
      return null;
    }
    SqlValue v = values.get(o.index());
    return v.form() == SqlValue.Form.UNKNOWN ? null : v;
  }
}

package io.crossfade.readswitch.plan;

import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.Condition.Comparison;
import io.crossfade.api.sql.Condition.Op;
import io.crossfade.api.sql.Operand;
import io.crossfade.api.value.Column;
import io.crossfade.readswitch.rows.Filter;
import io.crossfade.readswitch.rows.TextOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comparisons with stored columns, as tests on rows. */
final class Conditions {
  private final TableSchema schema;
  private final Constants constants;

  Conditions(TableSchema schema, Constants constants) {
    this.schema = schema;
    this.constants = constants;
  }

  /** The position of a column. */
  int position(String column) throws Unproven {
    return schema.indexOf(column).orElseThrow(() -> new Unproven("column"));
  }

  /** The filter that a row passes exactly when all of {@code comparisons} are true of it. */
  Filter filter(List<Comparison> comparisons) throws Unproven {
    List<Filter.Test> tests = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      tests.add(test(comparison));
    }
    return new Filter(List.copyOf(tests));
  }

  private Filter.Test test(Comparison comparison) throws Unproven {
    if (comparison.columns().size() != 1) {
      throw new Unproven("row-constructor");
    }
    int position = position(comparison.columns().get(0));
    Column column = schema.columns().get(position);
    boolean onlyNulls = comparison.op() == Op.IS_NULL || comparison.op() == Op.IS_NOT_NULL;
    if (comparison.op() == Op.IS_NULL && meansMoreThanNull(column)) {
      throw new Unproven("is-null");
    }
    if (comparison.op() == Op.IN && isTemporal(column)) {
      throw new Unproven("filter-type");
    }
    Comparator<byte[]> order =
        onlyNulls
            ? (a, b) -> 0
            : TextOrder.of(column.type()).orElseThrow(() -> new Unproven("filter-type"));
    List<byte @Nullable []> texts = new ArrayList<>();
    for (Operand operand : comparison.operands()) {
      texts.add(constants.text(column.type(), operand));
    }
    return new Filter.Test(position, comparison.op(), texts, order);
  }

  /**
   * IS NULL also finds zero dates in a NOT NULL column, and the last id in an AUTO_INCREMENT one:
   * manual, "Comparison Functions and Operators".
   */
  private static boolean meansMoreThanNull(Column column) {
    return column.autoIncrement() || (!column.nullable() && isTemporal(column));
  }

  private static boolean isTemporal(Column column) {
    return switch (column.type().kind()) {
      case DATE, DATETIME, TIMESTAMP, TIME, YEAR -> true;
      case TINYINT,
          SMALLINT,
          MEDIUMINT,
          INT,
          BIGINT,
          FLOAT,
          DOUBLE,
          DECIMAL,
          BIT,
          CHAR,
          VARCHAR,
          BINARY,
          VARBINARY,
          TEXT,
          BLOB,
          ENUM,
          SET,
          JSON ->
          false;
    };
  }
}

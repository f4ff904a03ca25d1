package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.sql.Operand;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.SqlValue;
import io.crossfade.dualwrite.mysql.GeneratedKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an INSERT that leaves nothing of its keys to MySQL but an AUTO_INCREMENT column: the
 * OK packet names the value of the first row, and those of the others follow it ("AUTO_INCREMENT
 * Handling in InnoDB" in the manual).
 */
final class GeneratedKey implements Narrowing {
  private static final Set<ColumnType.Kind> INTEGERS =
      EnumSet.of(
          ColumnType.Kind.TINYINT,
          ColumnType.Kind.SMALLINT,
          ColumnType.Kind.MEDIUMINT,
          ColumnType.Kind.INT,
          ColumnType.Kind.BIGINT);

  /** Stands in a tuple where the generated value comes. */
  private static final SqlValue TO_COME = SqlValue.NULL;

  /** How a row leaves its number to MySQL. */
  private enum Left {
    OUT,
    NULL,
    DEFAULT,
    ZERO
  }

  private final TableMapping mapping;
  private final List<List<SqlValue>> tuples;
  private final int generated;

  private GeneratedKey(TableMapping mapping, List<List<SqlValue>> tuples, int generated) {
    this.mapping = mapping;
    this.tuples = tuples;
    this.generated = generated;
  }

  /**
   * The generated keys of an INSERT.
   *
   * @param at where each key column stands in the rows, -1 when it does not
   * @return null when the OK packet will not tell for certain
   */
  static @Nullable GeneratedKey of(
      Statement s, Statement.Insert insert, int[] at, List<SqlValue> values, CaptureTable t) {
    TableMapping mapping = t.mapping();
    boolean several = insert.rows().size() > 1;
    if (mapping == null
        || s.kind() != Kind.INSERT
        || insert.ignore()
        || insert.onDuplicate() != null
        || t.beforeInsertTrigger()
        || t.generatedKeys() == GeneratedKeys.UNCERTAIN
        || (several && t.generatedKeys() != GeneratedKeys.CONSECUTIVE)) {
      return null;
    }
    TableSchema schema = mapping.schema();
    int generated = generatedColumn(schema);
    if (generated < 0) {
      return null;
    }
    List<List<SqlValue>> tuples = new ArrayList<>(insert.rows().size());
    Left left = null;
    for (List<Operand> row : insert.rows()) {
      Left here = left(row, at[generated], values);
      List<SqlValue> tuple = given(schema, row, at, generated, values);
      if (here == null || tuple.isEmpty() || (left != null && left != here)) {
        return null;
      }
      left = here;
      tuples.add(tuple);
    }
    return new GeneratedKey(mapping, tuples, generated);
  }

  /** The AUTO_INCREMENT column of the key, by its place there; -1 when there is none. */
  private static int generatedColumn(TableSchema schema) {
    for (int i = 0; i < schema.primaryKey().size(); i++) {
      Column column = schema.columns().get(schema.primaryKey().get(i));
      if (column.autoIncrement()) {
        return INTEGERS.contains(column.type().kind()) ? i : -1;
      }
    }
    return -1;
  }

  private static @Nullable Left left(List<Operand> row, int at, List<SqlValue> values) {
    if (at < 0) {
      return Left.OUT;
    }
    Operand operand = row.get(at);
    return switch (operand.kind()) {
      case NULL -> Left.NULL;
      case DEFAULT -> Left.DEFAULT;
      case VALUE -> leftByValue(row, KeyConditions.value(operand, values));
      case SAME, EXPRESSION -> null;
    };
  }

  /**
   * Under NO_AUTO_VALUE_ON_ZERO a zero is stored as such: then MySQL names no value, unless an
   * expression beside it calls LAST_INSERT_ID(n).
   */
  private static @Nullable Left leftByValue(List<Operand> row, @Nullable SqlValue v) {
    if (v == null) {
      return null;
    }
    if (v.form() == SqlValue.Form.NULL) {
      return Left.NULL;
    }
    return isZero(v) && row.stream().noneMatch(o -> o.kind() == Operand.Kind.EXPRESSION)
        ? Left.ZERO
        : null;
  }

  private static boolean isZero(SqlValue v) {
    byte[] bytes = v.bytes();
    return v.form() == SqlValue.Form.INTEGER
        && bytes != null
        && new String(bytes, StandardCharsets.US_ASCII).matches("0{1,20}");
  }

  /** The key with its other columns; empty when one of them is not certain. */
  private static List<SqlValue> given(
      TableSchema schema, List<Operand> row, int[] at, int generated, List<SqlValue> values) {
    List<SqlValue> tuple = new ArrayList<>(at.length);
    for (int i = 0; i < at.length; i++) {
      if (i == generated) {
        tuple.add(TO_COME);
        continue;
      }
      SqlValue v = at[i] < 0 ? null : KeyConditions.value(row.get(at[i]), values);
      Column column = schema.columns().get(schema.primaryKey().get(i));
      if (v == null || !CapturePlanner.certain(column, v)) {
        return List.of();
      }
      tuple.add(v);
    }
    return tuple;
  }

  /** Whether the numbers follow each other only if {@code @@auto_increment_increment} is 1. */
  boolean needsIncrement() {
    return tuples.size() > 1;
  }

  /**
   * The keys that were inserted.
   *
   * @param increment {@code @@auto_increment_increment}, empty when it is not known
   * @return empty when that is not certain
   */
  Optional<List<Key>> keys(Outcome outcome, String increment) {
    if (!outcome.ok()
        || outcome.lastInsertId() == 0
        || outcome.affectedRows() != tuples.size()
        || (needsIncrement() && !increment.equals("1"))) {
      return Optional.empty();
    }
    List<Key> keys = new ArrayList<>(tuples.size());
    long number = outcome.lastInsertId();
    for (List<SqlValue> given : tuples) {
      List<SqlValue> tuple = new ArrayList<>(given);
      tuple.set(generated, SqlValue.of(SqlValue.Form.INTEGER, Long.toUnsignedString(number++)));
      Optional<Key> key = mapping.key(tuple);
      if (key.isEmpty()) {
        return Optional.empty();
      }
      keys.add(key.get());
    }
    return Optional.of(keys);
  }
}

package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.MappingException;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.plugin.Exchange.Protocol;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.sql.Condition;
import io.crossfade.api.sql.Statement.Assignment;
import io.crossfade.api.sql.Statement.Selection;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType.Kind;
import io.crossfade.api.value.SqlLiteral;
import io.crossfade.api.value.SqlValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code SELECT key … FOR UPDATE} with the condition of an UPDATE or DELETE: its rows are locked,
 * so that the statement right behind it finds them all again. It may find more, where the isolation
 * level has no gap locks: whoever asks compares the counts.
 */
final class Question implements Narrowing {
  /** More rows than that are not worth their locks and their time. */
  static final int MAX_ROWS = 10_000;

  /** The reason of a mark that was asked for. */
  static final String REASON = "asked";

  private final Selection selection;
  private final Condition where;
  private final List<Assignment> assignments;
  private final List<SqlValue> values;
  private final TableMapping mapping;

  private Question(
      Selection selection,
      Condition where,
      List<Assignment> assignments,
      List<SqlValue> values,
      TableMapping mapping) {
    this.selection = selection;
    this.where = where;
    this.assignments = assignments;
    this.values = values;
    this.mapping = mapping;
  }

  /**
   * The question for the keys of a statement.
   *
   * @param assignments what an UPDATE assigns; none for a DELETE
   * @return null when MySQL's answer would not name them for certain
   */
  static @Nullable Question of(
      @Nullable Selection selection,
      Condition where,
      List<Assignment> assignments,
      List<SqlValue> values,
      TableMapping mapping) {
    if (selection == null) {
      return null;
    }
    TableSchema schema = mapping.schema();
    // A TIMESTAMP is read in the time zone of the session, which does not tell all of them apart.
    boolean zoned =
        schema.primaryKey().stream()
            .anyMatch(p -> schema.columns().get(p).type().kind() == Kind.TIMESTAMP);
    Question question = new Question(selection, where, assignments, values, mapping);
    return zoned || !question.newKeysAreCertain() ? null : question;
  }

  private boolean newKeysAreCertain() {
    @Nullable SqlValue[] old = new @Nullable SqlValue[mapping.schema().primaryKey().size()];
    Arrays.fill(old, SqlValue.NULL);
    return assignments.isEmpty()
        || Arrays.stream(CapturePlanner.moved(mapping.schema(), old, assignments, values))
            .allMatch(Objects::nonNull);
  }

  /** Whether {@link #sql} depends on what is known of the session. */
  boolean needsFacts() {
    return hasCharKey() || Literal.hasNonAscii(values.subList(selection.first(), values.size()));
  }

  /** A CHAR may come with its padding: PAD_CHAR_TO_FULL_LENGTH. */
  private boolean hasCharKey() {
    TableSchema schema = mapping.schema();
    return schema.primaryKey().stream()
        .anyMatch(p -> schema.columns().get(p).type().kind() == Kind.CHAR);
  }

  /**
   * The question's text.
   *
   * @param protocol how the statement came
   * @param facts the session's variables; null when they are not known
   * @return empty when a value cannot be written so that it means the same
   */
  Optional<byte[]> sql(Protocol protocol, @Nullable SessionFacts facts) {
    if (hasCharKey() && (facts == null || facts.sqlMode().contains("PAD_CHAR_TO_FULL_LENGTH"))) {
      return Optional.empty();
    }
    SqlText sql = new SqlText().add("SELECT ").add(keyColumns()).add(" FROM ");
    sql.add(selection.source());
    if (!selection.condition().isEmpty()) {
      sql.add(" WHERE (");
      int value = selection.first();
      for (char c : selection.condition().toCharArray()) {
        if (c != '?') {
          sql.add(c);
          continue;
        }
        Optional<byte[]> text =
            Literal.text(values.get(value), protocol, comparedColumn(value), facts);
        if (text.isEmpty()) {
          return Optional.empty();
        }
        sql.add(text.get());
        value++;
      }
      sql.add(")");
    }
    return Optional.of(sql.add(" LIMIT " + (MAX_ROWS + 1) + " FOR UPDATE").bytes());
  }

  /** The type of the column that a value is compared with; null when it is used in another way. */
  private @Nullable Kind comparedColumn(int value) {
    if (!where.complete()) {
      return null;
    }
    TableSchema schema = mapping.schema();
    for (Condition.Comparison c : where.conjuncts()) {
      for (int i = 0; i < c.operands().size(); i++) {
        if (c.operands().get(i).index() == value) {
          int column = schema.indexOf(c.columns().get(i % c.columns().size())).orElse(-1);
          return column < 0 ? null : schema.columns().get(column).type().kind();
        }
      }
    }
    return null;
  }

  /** Every key column as the bytes of its text, whatever the session's character sets are. */
  private String keyColumns() {
    List<String> items = new ArrayList<>();
    for (int p : mapping.schema().primaryKey()) {
      Column column = mapping.schema().columns().get(p);
      String name = SqlLiteral.quote(column.name());
      items.add(
          isString(column.type().kind())
              ? "CAST(" + name + " AS BINARY)"
              : "CAST(CAST(" + name + " AS CHAR CHARACTER SET latin1) AS BINARY)");
    }
    return String.join(", ", items);
  }

  private static boolean isString(Kind kind) {
    return kind == Kind.CHAR
        || kind == Kind.VARCHAR
        || kind == Kind.BINARY
        || kind == Kind.VARBINARY;
  }

  /**
   * What the statement may change, from the rows of MySQL's reply.
   *
   * @return empty when they do not name keys for certain
   */
  Optional<Mark> mark(List<Row> rows) {
    TableSchema schema = mapping.schema();
    Set<Key> keys = new LinkedHashSet<>();
    KeySet moved = new KeySet(mapping);
    boolean moves = movesKeys();
    for (Row row : rows) {
      byte[][] all = new byte[schema.columns().size()][];
      @Nullable SqlValue[] old = new @Nullable SqlValue[schema.primaryKey().size()];
      if (row.values().length != old.length) {
        return Optional.empty();
      }
      for (int i = 0; i < old.length; i++) {
        byte[] value = row.get(i);
        if (value == null) {
          return Optional.empty();
        }
        int position = schema.primaryKey().get(i);
        all[position] = value;
        old[i] = stored(schema.columns().get(position), value);
      }
      try {
        keys.add(mapping.key(new Row(all)));
      } catch (MappingException | IllegalArgumentException e) {
        return Optional.empty();
      }
      if (moves) {
        moved.add(CapturePlanner.moved(schema, old, assignments, values), "key-assigned");
      }
    }
    Mark moveMark = moved.mark();
    if (!moveMark.ranges().isEmpty()) {
      return Optional.empty();
    }
    keys.addAll(moveMark.keys());
    return Optional.of(new Mark(mapping.table(), List.copyOf(keys), List.of(), REASON, null));
  }

  private boolean movesKeys() {
    return assignments.stream()
        .anyMatch(a -> KeyConditions.keyPosition(mapping.schema(), a.column()) >= 0);
  }

  private static SqlValue stored(Column column, byte[] value) {
    SqlValue.Form form =
        switch (column.type().kind()) {
          case DATE, DATETIME, TIMESTAMP -> SqlValue.Form.DATETIME;
          case BINARY, VARBINARY -> SqlValue.Form.BINARY;
          case CHAR, VARCHAR -> SqlValue.Form.STRING;
          default -> SqlValue.Form.INTEGER;
        };
    return new SqlValue(form, value);
  }
}

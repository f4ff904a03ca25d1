package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.Operand;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Assignment;
import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.SqlValue;
import io.crossfade.dualwrite.capture.Definitions.Sure;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys, prefixes or whole tables one execution of a statement may change. Pure. A superset is
 * fine, a missing key is not: what is not certain becomes a range.
 */
final class CapturePlanner {
  private static final String FUNCTION = "function:";

  /**
   * Reasons of opacity under which a read might hide a write: the text itself was not understood.
   */
  private static final Set<String> HIDING = Set.of("lexer", "quotes", "version-comment");

  private final CaptureCatalogue catalogue;

  CapturePlanner(CaptureCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** What a command may change that no text is known of: everything. */
  List<Mark> anything(String reason) {
    List<Mark> all = new ArrayList<>();
    for (TableName t : catalogue.watched()) {
      all.add(Mark.all(t, reason));
    }
    return all;
  }

  /** Whether the text was not understood in a way that any statement may be in it. */
  static boolean hides(Statement s) {
    String opaque = s.opaque();
    return opaque != null && (HIDING.contains(opaque) || opaque.equals("non-ascii"));
  }

  /** What the statement may change. */
  List<Mark> plan(Analyzed a) {
    Statement s = a.statement();
    if (catalogue.sure() != Sure.KNOWN && mayReach(s)) {
      return anything("definition");
    }
    String opaque = s.opaque();
    if (opaque == null) {
      if (s.tables().stream().anyMatch(catalogue::doubtful)) {
        return anything("non-ascii");
      }
      return s.kind().writes() ? writes(a) : reads(s);
    }
    if (opaque.startsWith(FUNCTION)) {
      return throughFunction(a, opaque.substring(FUNCTION.length()));
    }
    if (s.kind().writes() || HIDING.contains(opaque)) {
      return anything(opaque);
    }
    return hiddenFunction();
  }

  /** Whether it may change rows through something that was defined a moment ago. */
  private boolean mayReach(Statement s) {
    return switch (s.kind()) {
      case INSERT, REPLACE, UPDATE, DELETE, LOAD, TRUNCATE, DDL, CALL, EXECUTE, OTHER -> true;
      case SELECT, SET, SHOW -> catalogue.sure() == Sure.READS_UNSURE;
      case USE, BEGIN, COMMIT, ROLLBACK, SAVEPOINT, XA, LOCK, PREPARE, DEALLOCATE -> false;
    };
  }

  /** A read of a view that calls a function changes what that changes. */
  private List<Mark> reads(Statement s) {
    Set<TableName> changed = new LinkedHashSet<>();
    s.tables().forEach(name -> changed.addAll(catalogue.byReading(name)));
    List<Mark> marks = new ArrayList<>();
    changed.forEach(t -> marks.add(Mark.all(t, "function")));
    return marks;
  }

  /**
   * A read that was not understood as a whole cannot write but by a stored function it may call:
   * nothing is marked where none is known to reach a watched table and none is unreadable.
   */
  private List<Mark> hiddenFunction() {
    List<Mark> marks = new ArrayList<>();
    catalogue.throughFunctions().forEach(t -> marks.add(Mark.all(t, "hidden-function")));
    return marks;
  }

  private List<Mark> throughFunction(Analyzed a, String function) {
    Set<TableName> reached = catalogue.reachedThrough(new TableName("", function));
    if (reached.isEmpty()) {
      return anything("function");
    }
    List<Mark> marks = new ArrayList<>(a.statement().kind().writes() ? writes(a) : List.of());
    reached.forEach(t -> marks.add(Mark.all(t, "function")));
    return marks;
  }

  private List<Mark> writes(Analyzed a) {
    Statement s = a.statement();
    return switch (s.kind()) {
      case INSERT, REPLACE -> {
        Statement.Insert insert = s.insert();
        yield insert == null
            ? named(s, "insert-shape")
            : on(insert.table(), s, t -> insert(s, insert, a.values(), t));
      }
      case UPDATE -> {
        Statement.Update update = s.update();
        yield update == null
            ? named(s, "multi-table")
            : on(update.table(), s, t -> update(update, a.values(), t));
      }
      case DELETE -> {
        Statement.Delete delete = s.delete();
        yield delete == null
            ? named(s, "multi-table")
            : on(delete.table(), s, t -> delete(delete, a.values(), t));
      }
      case LOAD -> named(s, "load");
      case TRUNCATE -> named(s, "truncate");
      case DDL -> s.tables().isEmpty() ? anything("ddl") : named(s, "ddl");
      case CALL -> anything("call");
      case EXECUTE -> anything("execute");
      case OTHER -> anything("other");
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
          List.of();
    };
  }

  /** The whole of every watched table that the statement names or reaches. */
  private List<Mark> named(Statement s, String reason) {
    Set<TableName> tables = new LinkedHashSet<>();
    for (TableName name : s.tables()) {
      catalogue.find(name).ifPresent(t -> tables.add(t.table()));
      tables.addAll(catalogue.reachedThrough(name));
    }
    List<Mark> marks = new ArrayList<>();
    tables.forEach(t -> marks.add(Mark.all(t, reason)));
    return marks;
  }

  /** What happens in the statement's own table, if that is watched, and in those it reaches. */
  private List<Mark> on(
      TableName own, Statement s, java.util.function.Function<CaptureTable, Mark> plan) {
    List<Mark> marks = new ArrayList<>();
    Set<TableName> reached = new LinkedHashSet<>(catalogue.reachedThrough(own));
    for (TableName name : s.tables()) {
      reached.addAll(catalogue.reachedThrough(name));
    }
    catalogue
        .find(own)
        .filter(t -> !reached.contains(t.table()))
        .ifPresent(t -> marks.add(plan.apply(t)));
    reached.forEach(t -> marks.add(Mark.all(t, "reached")));
    return marks;
  }

  private static Mark insert(
      Statement s, Statement.Insert insert, List<SqlValue> values, CaptureTable t) {
    TableMapping mapping = t.mapping();
    if (mapping == null) {
      return Mark.all(t.table(), "schema-unknown");
    }
    if (t.beforeInsertTrigger()) {
      return Mark.all(t.table(), "before-trigger");
    }
    List<Assignment> onDuplicate = insert.onDuplicate();
    boolean mayHitOthers = s.kind() == Statement.Kind.REPLACE || onDuplicate != null;
    if (mayHitOthers && t.otherUniqueKeys()) {
      return Mark.all(t.table(), "other-unique-key");
    }
    TableSchema schema = mapping.schema();
    if (onDuplicate != null && (t.beforeUpdateTrigger() || movesKey(schema, onDuplicate))) {
      return Mark.all(t.table(), "on-duplicate");
    }
    int[] at = positions(schema, insert.columns());
    int width = insert.columns().isEmpty() ? schema.columns().size() : insert.columns().size();
    KeySet keys = new KeySet(mapping);
    for (List<Operand> row : insert.rows()) {
      if (row.size() != width) {
        return Mark.all(t.table(), "insert-shape");
      }
      @Nullable SqlValue[] tuple = new @Nullable SqlValue[at.length];
      for (int i = 0; i < at.length; i++) {
        Column column = schema.columns().get(schema.primaryKey().get(i));
        SqlValue v = at[i] < 0 ? null : KeyConditions.value(row.get(at[i]), values);
        tuple[i] = v != null && certain(column, v) ? v : null;
      }
      keys.add(tuple, "key-not-given");
    }
    return keys.mark().narrowedBy(GeneratedKey.of(s, insert, at, values, t));
  }

  /** Whether ON DUPLICATE KEY UPDATE may give the row another key. */
  private static boolean movesKey(TableSchema schema, List<Assignment> assignments) {
    if (schema.primaryKey().stream().anyMatch(p -> changesByItself(schema.columns().get(p)))) {
      return true;
    }
    // VALUES(c) of a key column is the value the row has: it is that key's duplicate.
    return assignments.stream()
        .anyMatch(
            a ->
                KeyConditions.keyPosition(schema, a.column()) >= 0
                    && a.operand().kind() != Operand.Kind.SAME);
  }

  /** Where each key column stands in an INSERT's rows; -1 when it is not there. */
  private static int[] positions(TableSchema schema, List<String> columns) {
    int[] at = new int[schema.primaryKey().size()];
    for (int i = 0; i < at.length; i++) {
      int position = schema.primaryKey().get(i);
      String name = schema.columns().get(position).name();
      at[i] = columns.isEmpty() ? position : indexOf(columns, name);
    }
    return at;
  }

  private static int indexOf(List<String> columns, String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether MySQL stores the value as given: it makes one up for 0 and NULL of AUTO_INCREMENT. */
  static boolean certain(Column column, SqlValue v) {
    byte[] bytes = v.bytes();
    if (column.generated() || bytes == null) {
      return false;
    }
    if (!column.autoIncrement()) {
      return true;
    }
    if (v.form() != SqlValue.Form.INTEGER) {
      return false;
    }
    String digits = new String(bytes, StandardCharsets.US_ASCII);
    return digits.matches("[+-]?[0-9]{1,20}") && new BigInteger(digits).signum() != 0;
  }

  private static Mark update(Statement.Update update, List<SqlValue> values, CaptureTable t) {
    TableMapping mapping = t.mapping();
    if (mapping == null) {
      return Mark.all(t.table(), "schema-unknown");
    }
    if (t.beforeUpdateTrigger()) {
      return Mark.all(t.table(), "before-trigger");
    }
    TableSchema schema = mapping.schema();
    KeySet keys = new KeySet(mapping);
    for (@Nullable SqlValue[] old : new KeyConditions(schema, values).tuples(update.where())) {
      keys.add(old, "condition");
      keys.add(moved(schema, old, update.assignments(), values), "key-assigned");
    }
    Question question =
        Question.of(update.selection(), update.where(), update.assignments(), values, mapping);
    return keys.mark().narrowedBy(question);
  }

  /** The key tuple that the row has after the assignments. */
  static @Nullable SqlValue[] moved(
      TableSchema schema,
      @Nullable SqlValue[] old,
      List<Assignment> assignments,
      List<SqlValue> values) {
    @Nullable SqlValue[] moved = old.clone();
    for (int i = 0; i < moved.length; i++) {
      if (changesByItself(schema.columns().get(schema.primaryKey().get(i)))) {
        moved[i] = null;
      }
    }
    for (Assignment a : assignments) {
      int position = KeyConditions.keyPosition(schema, a.column());
      if (position >= 0) {
        SqlValue v = KeyConditions.value(a.operand(), values);
        moved[position] = v == null || v.form() == SqlValue.Form.NULL ? null : v;
      }
    }
    return moved;
  }

  /** Whether an UPDATE may change the column without naming it: generated, ON UPDATE now. */
  static boolean changesByItself(Column column) {
    ColumnType.Kind kind = column.type().kind();
    return column.generated()
        || kind == ColumnType.Kind.TIMESTAMP
        || kind == ColumnType.Kind.DATETIME;
  }

  private static Mark delete(Statement.Delete delete, List<SqlValue> values, CaptureTable t) {
    TableMapping mapping = t.mapping();
    if (mapping == null) {
      return Mark.all(t.table(), "schema-unknown");
    }
    KeySet keys = new KeySet(mapping);
    for (@Nullable SqlValue[] old :
        new KeyConditions(mapping.schema(), values).tuples(delete.where())) {
      keys.add(old, "condition");
    }
    Question question = Question.of(delete.selection(), delete.where(), List.of(), values, mapping);
    return keys.mark().narrowedBy(question);
  }
}

package io.crossfade.readswitch.route;

import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.TableName;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which watched tables a statement reads, as far as its text says. Too many rather than too few:
 * what is found here and not answered is counted as a read that needs MySQL. Pure.
 */
final class Named {
  /** Reasons of opacity under which the template is not the whole text. */
  private static final Set<String> CUT_SHORT = Set.of("lexer", "quotes", "version-comment");

  private Named() {}

  /** The watched tables that {@code statement} reads, or may read when it was not understood. */
  static Set<TableName> in(Statement statement, Set<TableName> watched) {
    Set<TableName> named = new LinkedHashSet<>();
    for (TableName table : watched) {
      if (reads(statement, table)) {
        named.add(table);
      }
    }
    return named;
  }

  private static boolean reads(Statement statement, TableName table) {
    return switch (statement.kind()) {
      case SELECT -> names(statement, table) || mayHide(statement, table);
      case OTHER -> mayHide(statement, table);
      case INSERT, REPLACE, UPDATE, DELETE ->
          statement.tables().size() > 1 && names(statement, table);
      case LOAD,
          TRUNCATE,
          DDL,
          CALL,
          SET,
          USE,
          BEGIN,
          COMMIT,
          ROLLBACK,
          SAVEPOINT,
          XA,
          LOCK,
          PREPARE,
          EXECUTE,
          DEALLOCATE,
          SHOW ->
          false;
    };
  }

  /** The server may ignore the case of names ({@code lower_case_table_names}). */
  private static boolean names(Statement statement, TableName table) {
    return statement.tables().stream()
        .anyMatch(
            t ->
                t.table().equalsIgnoreCase(table.table())
                    && t.schema().equalsIgnoreCase(table.schema()));
  }

  private static boolean mayHide(Statement statement, TableName table) {
    String opaque = statement.opaque();
    return opaque != null
        && statement.tables().isEmpty()
        && (CUT_SHORT.contains(opaque)
            || statement
                .template()
                .toLowerCase(Locale.ROOT)
                .contains(table.table().toLowerCase(Locale.ROOT)));
  }
}

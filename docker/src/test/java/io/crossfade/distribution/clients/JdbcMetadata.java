package io.crossfade.distribution.clients;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What tools ask of {@link DatabaseMetaData}. JDBC's orders leave ties, which MySQL breaks now so,
 * now otherwise.
 */
final class JdbcMetadata {
  /** The calls that give rows. */
  @FunctionalInterface
  private interface Question {
    ResultSet ask() throws SQLException;
  }

  private JdbcMetadata() {}

  static void ask(Connection connection, String schema, Transcript t) throws SQLException {
    DatabaseMetaData m = connection.getMetaData();
    t.step(
        "product",
        () -> {
          t.add(m.getDatabaseProductName() + " " + m.getDatabaseProductVersion());
          t.add(m.getDriverName() + " " + m.getDriverVersion());
          t.add("user " + m.getUserName() + " read-only " + m.isReadOnly());
          t.add("words " + m.getSQLKeywords());
          t.add("functions " + m.getNumericFunctions() + m.getStringFunctions());
          t.add("isolation " + m.getDefaultTransactionIsolation());
          t.add("identifiers " + m.storesLowerCaseIdentifiers() + m.supportsMixedCaseIdentifiers());
        });
    rows(t, "tables", () -> m.getTables(schema, null, "%", null));
    rows(t, "columns", () -> m.getColumns(schema, null, "%", "%"));
    rows(t, "primary key", () -> m.getPrimaryKeys(schema, null, "follower"));
    rows(t, "indexes", () -> m.getIndexInfo(schema, null, "follower", false, true));
    rows(t, "indexes of kinds", () -> m.getIndexInfo(schema, null, "kinds", true, true));
    rows(t, "imported keys", () -> m.getImportedKeys(schema, null, "child"));
    rows(t, "exported keys", () -> m.getExportedKeys(schema, null, "kinds"));
    rows(t, "procedures", () -> m.getProcedures(schema, null, "%"));
    rows(t, "procedure columns", () -> m.getProcedureColumns(schema, null, "%", "%"));
    rows(t, "functions", () -> m.getFunctions(schema, null, "%"));
    rows(t, "best row", () -> m.getBestRowIdentifier(schema, null, "follower", 0, true));
    rows(t, "version columns", () -> m.getVersionColumns(schema, null, "follower"));
    rows(t, "privileges", () -> m.getTablePrivileges(schema, null, "follower"));
    rows(t, "types", m::getTypeInfo);
    rows(t, "table types", m::getTableTypes);
    rows(t, "client info", m::getClientInfoProperties);
  }

  private static void rows(Transcript t, String title, Question question) {
    t.step(
        title,
        () -> {
          try (ResultSet r = question.ask()) {
            t.describedInAnyOrder(r);
          }
        });
  }
}

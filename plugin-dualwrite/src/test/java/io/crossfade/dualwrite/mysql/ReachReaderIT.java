package io.crossfade.dualwrite.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that reach a watched table, from a real catalogue. */
class ReachReaderIT {
  @Test
  void followsViewsAndFunctionsAndTakesAnUnreadableBodyForOneThatReaches() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("reach");
    TableName table = new TableName(schema, schema + "_watched");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL log_bin_trust_function_creators=1");
      statement.execute("CREATE TABLE " + table.table() + " (a INT PRIMARY KEY)");
      statement.execute("CREATE VIEW " + schema + "_view AS SELECT a FROM " + table.table());
      statement.execute(function(schema + "_idle", "RETURN 1"));
      assertThat(read(connection, table).names().keySet())
          .contains(schema + "_view")
          .doesNotContain(schema + "_idle");
      assertThat(read(connection, table).throughFunctions()).isEmpty();

      statement.execute(
          function(
              schema + "_writer", "BEGIN DELETE FROM " + schema + "_view LIMIT 1; RETURN 1; END"));
      ReachReader.Reach reach = read(connection, table);
      assertThat(reach.names().get(schema + "_writer")).containsExactly(table);
      assertThat(reach.throughFunctions()).containsExactly(table);
      statement.execute("DROP FUNCTION " + schema + "_writer");

      String blind = schema + "_u";
      statement.execute("CREATE USER '" + blind + "'@'%' IDENTIFIED BY 'blind'");
      statement.execute("GRANT SELECT, EXECUTE ON " + schema + ".* TO '" + blind + "'@'%'");
      String url = "jdbc:mariadb://" + mysql.host() + ":" + mysql.port() + "/" + schema;
      try (Connection other =
          DriverManager.getConnection(url + "?allowPublicKeyRetrieval=true", blind, "blind")) {
        assertThat(read(other, table).names()).containsKey(schema + "_idle");
        assertThat(read(other, table).throughFunctions()).containsExactly(table);
      }
      statement.execute("DROP USER '" + blind + "'@'%'");
    }
  }

  @Test
  void aTableReachesItselfByItsOwnCascadesButNotByItsTriggers() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("itself");
    TableName table = new TableName(schema, schema + "_tree");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL log_bin_trust_function_creators=1");
      statement.execute("CREATE TABLE " + table.table() + " (id INT PRIMARY KEY, up INT)");
      statement.execute("CREATE TABLE " + table.table() + "_log (id INT)");
      statement.execute(
          "CREATE TRIGGER logging AFTER DELETE ON "
              + table.table()
              + " FOR EACH ROW INSERT INTO "
              + table.table()
              + "_log VALUES (OLD.id)");
      assertThat(read(connection, table).names())
          .doesNotContainKeys(table.table(), table.toString());
      statement.execute(
          "ALTER TABLE "
              + table.table()
              + " ADD CONSTRAINT upward FOREIGN KEY (up) REFERENCES "
              + table.table()
              + " (id) ON DELETE CASCADE");
      ReachReader.Reach reach = read(connection, table);
      assertThat(reach.names().get(table.toString())).containsExactly(table);
      assertThat(reach.listed().get(table)).contains("cascade upward on " + table.table());
    }
  }

  @Test
  void findsWhatReachesTheTableUnderTheTablesOwnName() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("reach");
    String other = mysql.createSchema("reach");
    TableName table = new TableName(schema, "tree");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tree (a INT PRIMARY KEY, up INT, KEY (up))");
      statement.execute("CREATE VIEW " + other + ".tree AS SELECT a FROM tree");
      assertThat(read(connection, table).names().keySet())
          .contains(other + ".tree")
          .doesNotContain("tree", schema + ".tree");

      statement.execute(
          "ALTER TABLE tree ADD FOREIGN KEY (up) REFERENCES tree (a) ON DELETE CASCADE");
      assertThat(read(connection, table).names().get(schema + ".tree")).containsExactly(table);
    }
  }

  @Test
  void tellsTheViewsThatChangeATableWhenTheyAreRead() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("reading");
    TableName table = new TableName(schema, schema + "_watched");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL log_bin_trust_function_creators=1");
      statement.execute("CREATE TABLE " + table.table() + " (a INT PRIMARY KEY)");
      statement.execute(
          function(schema + "_f", "BEGIN DELETE FROM " + table.table() + "; RETURN 1; END"));
      statement.execute("CREATE VIEW " + schema + "_calls AS SELECT " + schema + "_f() AS x");
      statement.execute("CREATE VIEW " + schema + "_above AS SELECT x FROM " + schema + "_calls");
      statement.execute("CREATE VIEW " + schema + "_plain AS SELECT a FROM " + table.table());
      statement.execute(
          "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM " + table.table());
      ReachReader.Reach reach = read(connection, table);
      assertThat(reach.byReading())
          .containsOnlyKeys(schema + "_f", schema + "_calls", schema + "_above");
      assertThat(reach.names()).doesNotContainKey("nightly");
      assertThat(reach.listed().get(table))
          .contains("event nightly", "view " + schema + "_plain", "function " + schema + "_f");
      statement.execute("DROP EVENT nightly");
    }
  }

  @Test
  void aTriggerThatOnlyMentionsItsOwnTableReachesNothing() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("reach");
    TableName table = new TableName(schema, "tree");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tree (a INT PRIMARY KEY, n INT)");
      statement.execute(
          "CREATE TRIGGER t BEFORE INSERT ON tree FOR EACH ROW"
              + " SET NEW.n = (SELECT COUNT(*) FROM tree)");
      assertThat(read(connection, table).names()).doesNotContainKey(schema + ".tree");
    }
  }

  private static String function(String name, String body) {
    return "CREATE FUNCTION " + name + "() RETURNS INT " + body;
  }

  private static ReachReader.Reach read(Connection connection, TableName table) throws Exception {
    return ReachReader.read(connection, List.of(table));
  }
}

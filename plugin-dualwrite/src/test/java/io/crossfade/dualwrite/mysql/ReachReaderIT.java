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

  private static String function(String name, String body) {
    return "CREATE FUNCTION " + name + "() RETURNS INT " + body;
  }

  private static ReachReader.Reach read(Connection connection, TableName table) throws Exception {
    return ReachReader.read(connection, List.of(table));
  }
}

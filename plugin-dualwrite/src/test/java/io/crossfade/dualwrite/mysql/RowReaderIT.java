package io.crossfade.dualwrite.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Text forms, against what MySQL itself makes of the values. */
class RowReaderIT {
  @Test
  void readsTheTextFormOfEveryType() throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    String schema = mysql.createSchema("forms");
    try (Connection connection = mysql.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE t (id INT PRIMARY KEY, a TINYINT(1), b BIGINT UNSIGNED, c INT(8) ZEROFILL, d"
              + " FLOAT, e DOUBLE, f DECIMAL(20,5), g BIT(10), h DATE, i DATETIME(6), j TIMESTAMP(3)"
              + " NULL, k TIME(3), l YEAR, m CHAR(5), n VARCHAR(20) CHARACTER SET latin1, o"
              + " VARBINARY(9), p ENUM('x','y'), q SET('a','b'), r JSON, s LONGTEXT, v BLOB)");
      statement.executeUpdate("SET sql_mode='', time_zone='+05:00'");
      statement.executeUpdate(
          "INSERT INTO t VALUES (1, 2, 18446744073709551615, 42, 1.17549e-30, 0.1e300, -12345.6,"
              + " b'1000000001', '0000-00-00', '9999-12-31 23:59:59.999999', '2026-01-01"
              + " 03:00:00.5', '-838:59:58.5', 1901, 'ab ', 'ä', x'00ff00', 'y', 'a,b', '{\"a\":"
              + " 1.50}', REPEAT('z', 70000), x'80')");
      statement.executeUpdate(
          "INSERT INTO t (id, i, j, k, l) VALUES (2, '0000-00-00', '0000-00-00', '00:00:00', 0)");
      statement.executeUpdate("INSERT INTO t (id) VALUES (3)");
      statement.executeUpdate(
          "INSERT INTO t (id, i, j, k) VALUES (4, '2026-01-01 00:00:00.000300',"
              + " '2026-01-01 00:00:00.003', '00:00:00.030')");
    }
    try (MySqlPool pool =
        new MySqlPool(
            new InetSocketAddress(mysql.host(), mysql.port()), "crossfade", "crossfade", 2)) {
      TableName name = new TableName(schema, "t");
      WatchedTable table =
          pool.with(c -> SchemaReader.read(c, name, new ArrayList<>())).orElseThrow();
      TableMapping mapping =
          TableMappings.create(
              table.schema(),
              new TableConfig(name, schema, Layout.TALL, List.of("id"), List.of(), 1));
      List<Row> rows =
          pool.with(c -> List.copyOf(new RowReader(mapping).page(c, KeyRange.ALL, 10).values()));

      assertThat(rows).hasSize(4);
      for (int i = 0; i < table.schema().columns().size(); i++) {
        String column = RowReader.quoted(table.schema().columns().get(i).name());
        String digits = column.equals("`d`") ? "d + 0e0" : column; // all digits of the FLOAT
        List<byte @Nullable []> wanted =
            pool.with(
                c -> {
                  try (Statement statement = c.createStatement();
                      ResultSet result =
                          statement.executeQuery(
                              "SELECT CAST(" + digits + " AS BINARY) FROM " + schema + ".t")) {
                    List<byte @Nullable []> values = new ArrayList<>();
                    while (result.next()) {
                      values.add(result.getBytes(1));
                    }
                    return values;
                  }
                });
        for (int r = 0; r < rows.size(); r++) {
          assertThat(rows.get(r).get(i)).as("%s of row %d", column, r).isEqualTo(wanted.get(r));
        }
      }
    }
  }
}

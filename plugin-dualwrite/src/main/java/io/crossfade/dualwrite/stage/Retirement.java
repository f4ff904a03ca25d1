package io.crossfade.dualwrite.stage;

import static io.crossfade.dualwrite.mysql.RowReader.quoted;

import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.mirror.Lane;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The statements that take the old table out of the way. */
final class Retirement {
  private final Lane lane;
  private final String name;
  private final String retired;

  Retirement(Lane lane) {
    this.lane = lane;
    TableName table = lane.table();
    this.name = quoted(table.schema()) + "." + quoted(table.table());
    this.retired = quoted(table.schema()) + "." + quoted(table.table() + "_retired");
  }

  String renameSql() {
    return "RENAME TABLE " + name + " TO " + retired;
  }

  String dropSql() {
    return "DROP TABLE " + retired;
  }

  String undoSql() {
    return "RENAME TABLE " + retired + " TO " + name;
  }

  List<String> statements() {
    return List.of(renameSql(), dropSql());
  }

  void rename() throws SQLException {
    execute(renameSql());
  }

  void drop() throws SQLException {
    execute(dropSql());
  }

  private void execute(String sql) throws SQLException {
    try {
      lane.pool()
          .with(
              connection -> {
                try (Statement statement = connection.createStatement()) {
                  return statement.execute(sql);
                }
              });
    } catch (IOException e) {
      throw new SQLException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }
}

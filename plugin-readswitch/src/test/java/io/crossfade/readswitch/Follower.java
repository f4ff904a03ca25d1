package io.crossfade.readswitch;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.SqlAnalyzer;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.ColumnType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of the tests: a follower list with a column of each family of types. */
public final class Follower {
  public static final TableName NAME = new TableName("social", "follower");

  /** What the tests write in a select list to get every column. */
  public static final TableSchema SCHEMA =
      new TableSchema(
          NAME,
          List.of(
              column("user_id", ColumnType.of(Kind.BIGINT), false),
              column("follower_id", ColumnType.of(Kind.BIGINT), false),
              column("created_at", new ColumnType(Kind.TIMESTAMP, false, 0, 3, "", ""), false),
              column("status", ColumnType.of(Kind.TINYINT), true),
              column("note", text("utf8mb4", "utf8mb4_bin"), true),
              column("label", text("utf8mb4", "utf8mb4_0900_ai_ci"), true),
              column("amount", new ColumnType(Kind.DECIMAL, false, 0, 2, "", ""), true),
              column("day", ColumnType.of(Kind.DATE), true),
              column("seen_at", new ColumnType(Kind.DATETIME, false, 0, 0, "", ""), false),
              column("ratio", ColumnType.of(Kind.FLOAT), true),
              column("code", new ColumnType(Kind.CHAR, false, 4, 0, "ascii", "ascii_bin"), true)),
          List.of(0, 1));

  private static final SqlAnalyzer ANALYZER = new DruidSqlAnalyzer();

  private Follower() {}

  /** The table in one layout, as the HBase table {@code hbaseTable}. */
  public static TableMapping mapping(Layout layout, String hbaseTable) {
    Order newest = new Order("newest", List.of(new OrderColumn("created_at", true)));
    return TableMappings.create(
        SCHEMA, new TableConfig(NAME, hbaseTable, layout, List.of("user_id"), List.of(newest), 2));
  }

  /** The table in one layout. */
  public static TableMapping mapping(Layout layout) {
    return mapping(layout, "follower");
  }

  /** A row; what is not given is NULL or the same in all rows. */
  public static Row row(long user, long follower, String createdAt, @Nullable Integer status) {
    byte @Nullable [][] values = new byte[SCHEMA.columns().size()][];
    values[0] = ascii(Long.toString(user));
    values[1] = ascii(Long.toString(follower));
    values[2] = ascii(createdAt);
    values[3] = status == null ? null : ascii(Integer.toString(status));
    values[8] = ascii("2024-01-01 00:00:00");
    return new Row(values);
  }

  /** What the analyzer makes of one statement. */
  public static Analyzed analyzed(String sql) {
    return ANALYZER.analyze(sql.getBytes(StandardCharsets.UTF_8), "social", SqlMode.DEFAULT).get(0);
  }

  /** The bytes of ASCII characters. */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Column column(String name, ColumnType type, boolean nullable) {
    return new Column(name, type, nullable, false, false);
  }

  private static ColumnType text(String charset, String collation) {
    return new ColumnType(Kind.VARCHAR, false, 50, 0, charset, collation);
  }
}

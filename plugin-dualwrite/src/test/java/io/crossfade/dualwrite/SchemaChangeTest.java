package io.crossfade.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.ColumnType.Kind;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SchemaChangeTest {
  private static final TableName NAME = new TableName("social", "t");
  private static final Column USER = column("user", ColumnType.of(Kind.BIGINT));
  private static final Column TAG = column("tag", bytes(20));
  private static final Column AT = column("at", ColumnType.of(Kind.DATETIME));
  private static final Column NOTE = column("note", ColumnType.of(Kind.INT));
  private static final TableMapping OLD =
      TableMappings.create(
          schema(List.of(0, 1), USER, TAG, AT, NOTE),
          new TableConfig(
              NAME,
              "t",
              Layout.WIDE,
              List.of("user"),
              List.of(new Order("newest", List.of(new OrderColumn("at", true)))),
              1));

  private static Column column(String name, ColumnType type) {
    return new Column(name, type, false, false, false);
  }

  private static ColumnType bytes(long length) {
    return new ColumnType(Kind.VARBINARY, false, length, 0, "", "");
  }

  private static TableSchema schema(List<Integer> key, Column... columns) {
    return new TableSchema(NAME, List.of(columns), key);
  }

  private static String obstacle(List<Integer> key, Column... columns) {
    SchemaChange change = SchemaChange.of(OLD, schema(key, columns));
    assertThat(change.next() == null).isEqualTo(change.obstacle() != null);
    return String.valueOf(change.obstacle());
  }

  private static void follows(List<Integer> key, Column... columns) {
    SchemaChange change = SchemaChange.of(OLD, schema(key, columns));
    assertThat(change.obstacle()).isNull();
    TableMapping next = Objects.requireNonNull(change.next());
    assertThat(next.schema().columns()).containsExactly(columns);
    assertThat(SchemaChange.places(next)).isEqualTo(SchemaChange.places(OLD));
  }

  @Test
  void followsWhatLeavesKeysAndOrdersWhereTheyAre() {
    follows(List.of(0, 1), USER, TAG, AT);
    follows(List.of(0, 1), USER, TAG, AT, NOTE, column("more", ColumnType.of(Kind.JSON)));
    follows(List.of(2, 0), TAG, AT, USER);
    follows(List.of(0, 1), USER, TAG, AT, column("note", ColumnType.of(Kind.TEXT)));
    follows(List.of(0, 1), USER, column("tag", bytes(200)), AT, NOTE);
  }

  @Test
  void namesWhatCannotBeFollowed() {
    assertThat(obstacle(List.of(0), USER, TAG, AT, NOTE)).isEqualTo(SchemaChange.MAPPING);
    assertThat(obstacle(List.of(0, 3), USER, TAG, AT, NOTE)).isEqualTo(SchemaChange.KEY);
    assertThat(obstacle(List.of(0, 1), USER, column("tag", ColumnType.of(Kind.INT)), AT))
        .isEqualTo(SchemaChange.KEY_TYPE);
    assertThat(obstacle(List.of(0, 1), column("user", ColumnType.of(Kind.INT)), TAG, AT))
        .isEqualTo(SchemaChange.KEY_TYPE);
    ColumnType date = ColumnType.of(Kind.DATE);
    assertThat(obstacle(List.of(0, 1), USER, TAG, column("at", date)))
        .isEqualTo(SchemaChange.ORDER_COLUMN);
    assertThat(obstacle(List.of(0, 1), USER, TAG, NOTE)).isEqualTo(SchemaChange.MAPPING);
    assertThat(obstacle(List.of(0, 1), column("owner", USER.type()), TAG, AT))
        .isEqualTo(SchemaChange.MAPPING);
  }
}

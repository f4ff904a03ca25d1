package io.crossfade.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.ColumnType.Kind;
import io.crossfade.api.value.Types;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableMappingsTest {
  private static final TableName NAME = new TableName("social", "post");
  private static final List<Column> COLUMNS =
      List.of(
          new Column("author", ColumnType.of(Kind.BIGINT), false, false, false),
          new Column(
              "slug", Types.text(Kind.VARCHAR, 9, "utf8mb4_0900_ai_ci"), false, false, false),
          new Column("id", ColumnType.of(Kind.BIGINT), false, false, false),
          new Column("mood", ColumnType.of(Kind.ENUM), true, false, false));

  @Test
  void everyProblemIsNamedAtOnce() {
    TableConfig config =
        new TableConfig(
            NAME,
            "post",
            Layout.WIDE,
            List.of("id"),
            List.of(
                new Order("newest", List.of(new OrderColumn("created", true))),
                new Order("Newest", List.of(new OrderColumn("mood", false))),
                new Order("none", List.of())),
            0);
    MappingException e =
        catchThrowableOfType(
            MappingException.class,
            () -> TableMappings.create(new TableSchema(NAME, COLUMNS, List.of(0, 1)), config));
    assertThat(e.problems()).hasSize(7);
    assertThat(e)
        .hasMessageStartingWith("social.post: ")
        .hasMessageContaining("'slug' is VARCHAR with collation utf8mb4_0900_ai_ci")
        .hasMessageContaining("[id] is not a leading part of the primary key [author, slug]")
        .hasMessageContaining("column 'created' of order 'newest' does not exist")
        .hasMessageContaining("order 'Newest' is declared twice")
        .hasMessageContaining("column 'mood' of order 'Newest' is ENUM")
        .hasMessageContaining("order 'none' has no columns")
        .hasMessageContaining("regions is 0");
  }

  @Test
  void aTableWithoutPrimaryKeyIsRefused() {
    assertThatThrownBy(() -> create(Layout.TALL, List.of("author"), List.of()))
        .hasMessageContaining("no primary key");
  }

  @Test
  void aListNeedsColumnsThatExist() {
    assertThatThrownBy(() -> create(Layout.TALL, List.of("nobody"), List.of(0)))
        .hasMessageContaining("list key column 'nobody' does not exist");
    assertThatThrownBy(() -> create(Layout.TALL, List.of(), List.of(0)))
        .hasMessageContaining("list key is empty");
  }

  @Test
  void onlyTheTallLayoutTakesTheWholeKeyAsList() {
    assertThatThrownBy(() -> create(Layout.WIDE, List.of("author"), List.of(0)))
        .hasMessageContaining("use the tall layout");
    assertThat(create(Layout.TALL, List.of("AUTHOR"), List.of(0)).keyColumns())
        .isEqualTo("`author`");
  }

  private static TableMapping create(
      Layout layout, List<String> listKey, List<Integer> primaryKey) {
    return TableMappings.create(
        new TableSchema(NAME, COLUMNS, primaryKey),
        new TableConfig(NAME, "post", layout, listKey, List.of(), 4));
  }
}

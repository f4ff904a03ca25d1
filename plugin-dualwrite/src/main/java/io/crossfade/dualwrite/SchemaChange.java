package io.crossfade.dualwrite;

import io.crossfade.api.mapping.MappingException;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the HBase table of one definition can go on under another: where items and order entries
 * stand must stay the same; what is in them is written anew.
 *
 * @param next the mapping of the new definition; null when it cannot be followed
 * @param obstacle why it cannot be followed, a short stable token; null when it can
 */
record SchemaChange(@Nullable TableMapping next, @Nullable String obstacle) {
  /** Another primary key. */
  static final String KEY = "schema-key";

  /** A key column whose values are encoded otherwise. */
  static final String KEY_TYPE = "schema-key-type";

  /** A column of a declared order whose values are encoded otherwise. */
  static final String ORDER_COLUMN = "schema-order-column";

  /** The configuration does not fit it: a column of the list key or of an order is gone. */
  static final String MAPPING = "schema-mapping";

  /** The change from {@code old} to the definition {@code now}. */
  static SchemaChange of(TableMapping old, TableSchema now) {
    TableMapping next;
    try {
      next = TableMappings.create(now, old.config());
    } catch (MappingException e) {
      return new SchemaChange(null, MAPPING);
    }
    TableSchema before = old.schema();
    if (!keyNames(before).equals(keyNames(now))) {
      return new SchemaChange(null, KEY);
    }
    for (int i = 0; i < before.primaryKey().size(); i++) {
      if (!sameEncoding(keyType(before, i), keyType(now, i))) {
        return new SchemaChange(null, KEY_TYPE);
      }
    }
    for (Order order : old.config().orders()) {
      for (OrderColumn by : order.by()) {
        if (!sameEncoding(type(before, by.column()), type(now, by.column()))) {
          return new SchemaChange(null, ORDER_COLUMN);
        }
      }
    }
    return new SchemaChange(next, null);
  }

  /** What the places of items and order entries depend on, as a text to compare. */
  static String places(TableMapping mapping) {
    TableSchema schema = mapping.schema();
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < schema.primaryKey().size(); i++) {
      parts.add(keyNames(schema).get(i) + " " + encoding(keyType(schema, i)));
    }
    for (Order order : mapping.config().orders()) {
      for (OrderColumn by : order.by()) {
        parts.add(order.name() + " " + by + " " + encoding(type(schema, by.column())));
      }
    }
    return mapping.config().layout() + "\n" + String.join("\n", parts);
  }

  private static List<String> keyNames(TableSchema schema) {
    return schema.primaryKey().stream()
        .map(p -> schema.columns().get(p).name().toLowerCase(java.util.Locale.ROOT))
        .toList();
  }

  private static ColumnType keyType(TableSchema schema, int i) {
    return schema.columns().get(schema.primaryKey().get(i)).type();
  }

  private static ColumnType type(TableSchema schema, String column) {
    Column found = schema.columns().get(schema.indexOf(column).orElseThrow());
    return found.type();
  }

  private static boolean sameEncoding(ColumnType a, ColumnType b) {
    return encoding(a).equals(encoding(b));
  }

  /** Of a VARCHAR or VARBINARY the greatest length does not matter. */
  private static ColumnType encoding(ColumnType t) {
    return switch (t.kind()) {
      case VARCHAR, VARBINARY ->
          new ColumnType(t.kind(), t.unsigned(), 0, t.scale(), t.charset(), t.collation());
      case TINYINT,
          SMALLINT,
          MEDIUMINT,
          INT,
          BIGINT,
          YEAR,
          FLOAT,
          DOUBLE,
          DECIMAL,
          BIT,
          DATE,
          TIME,
          DATETIME,
          TIMESTAMP,
          CHAR,
          BINARY,
          TEXT,
          BLOB,
          ENUM,
          SET,
          JSON ->
          t;
    };
  }
}

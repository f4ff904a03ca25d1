package io.crossfade.api.mapping;

import io.crossfade.api.value.Column;
import io.crossfade.api.value.KeyCodecs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/** Whether a table can be mirrored as configured. */
final class MappingCheck {
  /** A row key starts with two bytes of hash. */
  private static final int MAX_REGIONS = 1 << 16;

  private static final int MAX_ORDERS = 255;

  private final TableSchema schema;
  private final TableConfig config;
  private final List<String> problems = new ArrayList<>();

  private MappingCheck(TableSchema schema, TableConfig config) {
    this.schema = schema;
    this.config = config;
  }

  static void check(TableSchema schema, TableConfig config) {
    MappingCheck check = new MappingCheck(schema, config);
    check.primaryKey();
    check.listKey();
    check.orders();
    check.regions();
    if (!check.problems.isEmpty()) {
      throw new MappingException(schema.name().toString(), check.problems);
    }
  }

  private void primaryKey() {
    if (schema.primaryKey().isEmpty()) {
      problems.add("the table has no primary key");
    }
    for (int position : schema.primaryKey()) {
      Column column = schema.columns().get(position);
      if (KeyCodecs.forKey(column.type()).isEmpty()) {
        problems.add(
            "primary key column '"
                + column.name()
                + "' is "
                + KeyCodecs.describe(column.type())
                + ", which does not order by its bytes; supported are integers, YEAR, DATE, DATETIME,"
                + " TIMESTAMP, BINARY, VARBINARY, and CHAR or VARCHAR with a _bin collation of"
                + " utf8mb4, utf8mb3, latin1 or ascii");
      }
    }
  }

  private void listKey() {
    List<String> listKey = config.listKey();
    if (listKey.isEmpty()) {
      problems.add("the list key is empty");
    }
    boolean known = true;
    for (String name : listKey) {
      if (schema.indexOf(name).isEmpty()) {
        problems.add("list key column '" + name + "' does not exist");
        known = false;
      }
    }
    if (!known || listKey.isEmpty()) {
      return;
    }
    if (!isLeading(listKey)) {
      problems.add(
          "list key " + listKey + " is not a leading part of the primary key " + keyNames());
    } else if (config.layout() == TableConfig.Layout.WIDE
        && listKey.size() == schema.primaryKey().size()) {
      problems.add(
          "list key "
              + listKey
              + " is the whole primary key: the wide layout needs a column that tells the items of a"
              + " list apart (use the tall layout)");
    }
  }

  private boolean isLeading(List<String> listKey) {
    if (listKey.size() > schema.primaryKey().size()) {
      return false;
    }
    for (int i = 0; i < listKey.size(); i++) {
      if (!listKey.get(i).equalsIgnoreCase(keyNames().get(i))) {
        return false;
      }
    }
    return true;
  }

  private List<String> keyNames() {
    return schema.primaryKey().stream().map(i -> schema.columns().get(i).name()).toList();
  }

  private void orders() {
    Set<String> names = new HashSet<>();
    if (config.orders().size() > MAX_ORDERS) {
      problems.add("more than " + MAX_ORDERS + " orders");
    }
    for (TableConfig.Order order : config.orders()) {
      if (!names.add(order.name().toLowerCase(Locale.ROOT))) {
        problems.add("order '" + order.name() + "' is declared twice");
      }
      if (order.by().isEmpty()) {
        problems.add("order '" + order.name() + "' has no columns");
      }
      order.by().forEach(by -> orderColumn(order.name(), by.column()));
    }
  }

  private void orderColumn(String order, String name) {
    OptionalInt position = schema.indexOf(name);
    if (position.isEmpty()) {
      problems.add("column '" + name + "' of order '" + order + "' does not exist");
      return;
    }
    Column column = schema.columns().get(position.getAsInt());
    if (KeyCodecs.forOrder(column.type()).isEmpty()) {
      problems.add(
          "column '"
              + name
              + "' of order '"
              + order
              + "' is "
              + KeyCodecs.describe(column.type())
              + ", whose order cannot be kept in bytes");
    }
  }

  private void regions() {
    if (config.regions() < 1 || config.regions() > MAX_REGIONS) {
      problems.add("regions is " + config.regions() + ", not between 1 and " + MAX_REGIONS);
    }
  }
}

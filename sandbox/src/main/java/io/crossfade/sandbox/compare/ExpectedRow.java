package io.crossfade.sandbox.compare;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Where a row of MySQL has to stand in HBase.
 *
 * @param key the primary key, for messages
 * @param value the stored columns
 * @param item the item's address
 * @param orders the order entries' addresses
 * @param counter the address of the list's counter (wide)
 */
record ExpectedRow(String key, String value, Address item, List<Address> orders, Address counter) {

  /** Works it out from the compared texts of all columns. */
  static ExpectedRow of(ComparedTable table, ComparedSchema schema, List<@Nullable String> row) {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    StringJoiner key = new StringJoiner(", ");
    for (int i = 0; i < schema.key().size(); i++) {
      ComparedColumn column = schema.columns().get(schema.key().get(i));
      String text = present(row.get(schema.key().get(i)));
      key.add(RowText.item(column, text));
      (i < table.listKey().size() ? list : rest).writeBytes(KeyBytes.key(column, text));
    }
    StringJoiner value = new StringJoiner(", ");
    for (int position : schema.stored()) {
      value.add(RowText.item(schema.columns().get(position), row.get(position)));
    }
    List<Address> orders = new ArrayList<>();
    for (int i = 0; i < table.orders().size(); i++) {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      entry.write(i);
      for (String by : table.orders().get(i)) {
        String name = by.replaceFirst(" desc$", "");
        entry.writeBytes(
            KeyBytes.order(schema.column(name), row.get(schema.position(name)), !name.equals(by)));
      }
      entry.writeBytes(rest.toByteArray());
      orders.add(Address.order(table.wide(), list.toByteArray(), entry.toByteArray()));
    }
    return new ExpectedRow(
        key.toString(),
        value.toString(),
        Address.item(table.wide(), list.toByteArray(), rest.toByteArray()),
        orders,
        Address.counter(list.toByteArray()));
  }

  private static String present(@Nullable String text) {
    if (text == null) {
      throw new IllegalArgumentException("a NULL in a primary key");
    }
    return text;
  }
}

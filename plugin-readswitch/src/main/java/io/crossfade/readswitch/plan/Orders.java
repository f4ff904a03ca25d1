package io.crossfade.readswitch.plan;

import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.sql.Statement.OrderBy;
import io.crossfade.api.value.Column;
import io.crossfade.readswitch.rows.RowOrder;
import io.crossfade.readswitch.rows.TextOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** ORDER BY against the orders a table declares. */
final class Orders {
  private final TableMapping mapping;

  Orders(TableMapping mapping) {
    this.mapping = mapping;
  }

  /** How ORDER BY compares rows. */
  RowOrder rowOrder(List<OrderBy> orderBy) throws Unproven {
    List<RowOrder.Part> parts = new ArrayList<>();
    for (OrderBy element : orderBy) {
      int position =
          mapping.schema().indexOf(element.column()).orElseThrow(() -> new Unproven("column"));
      Column column = mapping.schema().columns().get(position);
      parts.add(
          new RowOrder.Part(
              position,
              TextOrder.sorting(column.type()).orElseThrow(() -> new Unproven("order-type")),
              element.descending()));
    }
    return new RowOrder(List.copyOf(parts));
  }

  /** ORDER BY within one list: what is the same in all its rows does not order them. */
  List<OrderBy> withinList(List<OrderBy> orderBy) {
    return orderBy.stream().filter(o -> !isListKey(o.column())).toList();
  }

  /** The declared order that {@code orderBy} (within a list) follows, as far as either goes. */
  OptionalInt declared(List<OrderBy> orderBy) {
    List<OrderColumn> wanted =
        orderBy.stream().map(o -> column(o.column(), o.descending())).toList();
    for (int i = 0; i < mapping.config().orders().size(); i++) {
      List<OrderColumn> total = total(mapping.config().orders().get(i).by());
      int common = Math.min(total.size(), wanted.size());
      if (total.subList(0, common).equals(wanted.subList(0, common))) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** A declared order with the rest of the primary key, ascending, that makes it total. */
  private List<OrderColumn> total(List<OrderColumn> by) {
    List<OrderColumn> columns =
        by.stream()
            .filter(c -> !isListKey(c.column()))
            .map(c -> column(c.column(), c.descending()))
            .toList();
    Stream<OrderColumn> rest =
        mapping.schema().primaryKey().stream()
            .map(p -> mapping.schema().columns().get(p).name())
            .filter(name -> !isListKey(name))
            .filter(name -> by.stream().noneMatch(c -> c.column().equalsIgnoreCase(name)))
            .map(name -> column(name, false));
    return Stream.concat(columns.stream(), rest).toList();
  }

  private boolean isListKey(String column) {
    return mapping.config().listKey().stream().anyMatch(column::equalsIgnoreCase);
  }

  private static OrderColumn column(String name, boolean descending) {
    return new OrderColumn(name.toLowerCase(Locale.ROOT), descending);
  }
}

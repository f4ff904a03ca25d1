package io.crossfade.readswitch.plan;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.Operand;
import io.crossfade.api.sql.Statement.Item;
import io.crossfade.api.sql.Statement.Limit;
import io.crossfade.api.sql.Statement.OrderBy;
import io.crossfade.api.sql.Statement.Select;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.SqlValue;
import io.crossfade.readswitch.hbase.HBaseRead;
import io.crossfade.readswitch.rows.Filter;
import io.crossfade.readswitch.rows.Projection;
import io.crossfade.readswitch.rows.RowOrder;
import io.crossfade.readswitch.rows.Shape;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Proves a SELECT answerable from HBase, or says why it is not. Pure. */
public final class Planner {
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE / 4);

  private final Select select;
  private final TableMapping mapping;
  private final SessionTerms terms;
  private final Constants constants;

  private Planner(Select select, List<SqlValue> values, TableMapping mapping, SessionTerms terms) {
    this.select = select;
    this.mapping = mapping;
    this.terms = terms;
    this.constants = new Constants(values, terms);
  }

  /**
   * Plans one execution of a SELECT.
   *
   * @param values its literals and parameters, in text order
   */
  public static Planned plan(
      Select select, List<SqlValue> values, TableMapping mapping, SessionTerms terms) {
    try {
      return Planned.answerable(new Planner(select, values, mapping, terms).plan());
    } catch (Unproven e) {
      return Planned.not(e.reason());
    }
  }

  private ReadPlan plan() throws Unproven {
    if (terms.limited()) {
      throw new Unproven("select-limit");
    }
    if (!select.where().complete()) {
      throw new Unproven("where");
    }
    if (!terms.asciiResults()) {
      throw new Unproven("charset");
    }
    boolean counting = isCounting();
    List<Integer> columns = counting ? List.of() : columns();
    Access access = Access.of(mapping, select.where().conjuncts(), constants);
    Filter filter = new Conditions(mapping.schema(), constants).filter(access.rest());
    KeyRange range = access.list().orElse(null);
    if (range == null) {
      Shape shape = counting ? new Shape.Counting() : listing(select.order(), columns);
      return points(access.keys(), new HBaseRead.Points(access.keys(), filter, shape), columns);
    }
    byte[] list = mapping.listOf(range).orElseThrow(() -> new Unproven("where"));
    HBaseRead read = counting ? count(list, filter) : list(list, filter, columns);
    return new ReadPlan(List.of(range), List.of(ByteBuffer.wrap(list)), read, columns);
  }

  private ReadPlan points(List<Key> keys, HBaseRead read, List<Integer> columns) {
    List<KeyRange> ranges = keys.stream().map(KeyRange::of).toList();
    List<ByteBuffer> lists =
        keys.stream().map(mapping::listOf).map(ByteBuffer::wrap).distinct().toList();
    return new ReadPlan(ranges, lists, read, columns);
  }

  private static HBaseRead count(byte[] list, Filter filter) {
    return filter.isAll()
        ? new HBaseRead.Count(list)
        : new HBaseRead.Whole(list, filter, new Shape.Counting());
  }

  private HBaseRead list(byte[] list, Filter filter, List<Integer> columns) throws Unproven {
    Orders orders = new Orders(mapping);
    List<OrderBy> within = orders.withinList(select.order());
    if (within.isEmpty()) {
      throw new Unproven("no-order");
    }
    Shape shape = listing(within, columns);
    OptionalInt declared = orders.declared(within);
    return declared.isPresent()
        ? new HBaseRead.Ordered(declared.getAsInt(), list, filter, shape)
        : new HBaseRead.Whole(list, filter, shape);
  }

  private Shape.Listing listing(List<OrderBy> orderBy, List<Integer> columns) throws Unproven {
    RowOrder order = new Orders(mapping).rowOrder(orderBy);
    Limit limit = select.limit();
    Operand offset = limit == null ? null : limit.offset();
    return new Shape.Listing(
        order,
        offset == null ? 0 : number(offset),
        limit == null ? LARGEST.longValue() : number(limit.count()),
        projection(columns));
  }

  private long number(Operand operand) throws Unproven {
    SqlValue value = constants.value(operand);
    byte @Nullable [] bytes = value.bytes();
    if (bytes == null || value.form() != SqlValue.Form.INTEGER) {
      throw new Unproven("limit");
    }
    String text = new String(bytes, StandardCharsets.US_ASCII);
    if (!text.matches("\\d{1,20}")) {
      throw new Unproven("limit");
    }
    return new BigInteger(text).min(LARGEST).longValue();
  }

  private boolean isCounting() throws Unproven {
    boolean counting = select.items().stream().anyMatch(item -> item.kind() == Item.Kind.COUNT_ALL);
    if (counting
        && (select.items().size() > 1 || select.limit() != null || !select.order().isEmpty())) {
      throw new Unproven("count-shape");
    }
    return counting;
  }

  private List<Integer> columns() throws Unproven {
    TableSchema schema = mapping.schema();
    List<Integer> columns = new ArrayList<>();
    for (Item item : select.items()) {
      if (item.kind() == Item.Kind.ALL) {
        IntStream.range(0, schema.columns().size()).forEach(columns::add);
      } else {
        columns.add(schema.indexOf(item.column()).orElseThrow(() -> new Unproven("column")));
      }
    }
    for (int column : columns) {
      checkResult(schema.columns().get(column).type());
    }
    return List.copyOf(columns);
  }

  /** Whether the stored text of a column of {@code type} is what the session would get. */
  private void checkResult(ColumnType type) throws Unproven {
    switch (type.kind()) {
      case FLOAT -> throw new Unproven("float");
      case TIMESTAMP -> {
        if (terms.zone() == null) {
          throw new Unproven("time-zone");
        }
      }
      case CHAR, VARCHAR, TEXT, ENUM, SET -> {
        if (type.kind() == ColumnType.Kind.CHAR && terms.padsChar()) {
          throw new Unproven("pad-char");
        }
        if (!terms.unconverted(type.charset())) {
          throw new Unproven("charset");
        }
      }
      case JSON -> {
        if (!terms.unconverted("utf8mb4")) {
          throw new Unproven("charset");
        }
      }
      case TINYINT,
          SMALLINT,
          MEDIUMINT,
          INT,
          BIGINT,
          YEAR,
          DOUBLE,
          DECIMAL,
          BIT,
          DATE,
          TIME,
          DATETIME,
          BINARY,
          VARBINARY,
          BLOB -> {
        // The same in every session.
      }
    }
  }

  private Projection projection(List<Integer> columns) {
    return new Projection(
        columns.stream()
            .map(
                c ->
                    new Projection.Column(
                        c,
                        mapping.schema().columns().get(c).type().kind() == ColumnType.Kind.TIMESTAMP
                            ? terms.zone()
                            : null))
            .toList());
  }
}

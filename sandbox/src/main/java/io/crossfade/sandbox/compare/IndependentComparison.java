package io.crossfade.sandbox.compare;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Table;
import org.jspecify.annotations.Nullable;

/**
 * Compares every row and every column of a MySQL table with HBase: items, their order entries and
 * (wide) the counters of lists; nothing may be missing, extra or twice. Both sides must be at rest.
 */
public final class IndependentComparison {
  private static final int EXAMPLES = 10;

  private final String bootstrapServers;
  private final ComparedTable table;
  private final List<String> examples = new ArrayList<>();
  private long differing;

  /**
   * What was found.
   *
   * @param compared rows of MySQL compared
   * @param differing rows, order entries and counters that are missing, extra or different
   * @param examples the first few of them, with both sides
   */
  public record Outcome(long compared, long differing, List<String> examples) {
    @Override
    public String toString() {
      return "%,d rows compared, %,d differing".formatted(compared, differing);
    }
  }

  /** For the follower table. */
  public IndependentComparison(String bootstrapServers, String hbaseTable, String layout) {
    this(bootstrapServers, ComparedTable.follower(hbaseTable, layout));
  }

  /** For any table. */
  public IndependentComparison(String bootstrapServers, ComparedTable table) {
    this.bootstrapServers = bootstrapServers;
    this.table = table;
  }

  /** Opens HBase, compares, and closes it. */
  public Outcome compare(Connection mysql) throws IOException, SQLException {
    Configuration c = HBaseConfiguration.create();
    c.set("hbase.client.registry.impl", "org.apache.hadoop.hbase.client.RpcConnectionRegistry");
    c.set("hbase.client.bootstrap.servers", bootstrapServers);
    try (org.apache.hadoop.hbase.client.Connection hbase = ConnectionFactory.createConnection(c)) {
      return compare(mysql, hbase);
    }
  }

  /** Compares the table of the connection's database with the HBase table. */
  public Outcome compare(Connection mysql, org.apache.hadoop.hbase.client.Connection hbase)
      throws IOException, SQLException {
    ComparedSchema schema = ComparedSchema.read(mysql, table.table());
    StoredTable stored = new StoredTable(table, schema);
    try (Table t = hbase.getTable(TableName.valueOf(table.hbaseTable()))) {
      stored.read(t);
    }
    Map<Address, String> itemKeys = new HashMap<>();
    Map<Address, Long> counts = new HashMap<>();
    long compared = 0;
    try (Statement s = mysql.createStatement()) {
      s.execute("SET SESSION time_zone = '+00:00', SESSION sql_mode = ''");
      s.setFetchSize(Integer.MIN_VALUE);
      try (ResultSet r = s.executeQuery(select(schema))) {
        while (r.next()) {
          compared++;
          ExpectedRow row = ExpectedRow.of(table, schema, texts(schema, r));
          itemKeys.put(row.item(), row.key());
          counts.merge(row.counter(), 1L, Long::sum);
          check(row.key() + " item", row.value(), stored.items.remove(row.item()));
          for (Address order : row.orders()) {
            orderEntry(stored, row, order);
          }
        }
      }
    }
    stored.items.forEach((address, value) -> check("item at " + address, null, value));
    stored.orders.forEach((address, value) -> extraOrder(stored, itemKeys, address, value));
    if (table.wide()) {
      stored.counters.keySet().forEach(address -> counts.putIfAbsent(address, 0L));
      counts.forEach(
          (address, n) ->
              check(
                  "counter of " + address.row(),
                  String.valueOf(n),
                  stored.counters.getOrDefault(address, "0")));
    }
    return new Outcome(compared, differing, List.copyOf(examples));
  }

  private String select(ComparedSchema schema) {
    return schema.columns().stream()
        .map(ComparedColumn::expression)
        .collect(Collectors.joining(", ", "SELECT ", " FROM `" + table.table() + "`"));
  }

  private static List<@Nullable String> texts(ComparedSchema schema, ResultSet r)
      throws SQLException {
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < schema.columns().size(); i++) {
      String selected = r.getString(i + 1);
      texts.add(selected == null ? null : schema.columns().get(i).text(selected));
    }
    return texts;
  }

  private void orderEntry(StoredTable stored, ExpectedRow row, Address order) {
    String what = row.key() + " order entry";
    check(what, row.value(), stored.orders.remove(order));
    if (!table.wide()) {
      check(
          what + " version",
          String.valueOf(stored.versions.get(row.item())),
          String.valueOf(stored.versions.get(order)));
    }
  }

  /** In the tall layout an entry that no live item of its version stands behind does not count. */
  private void extraOrder(
      StoredTable stored, Map<Address, String> keys, Address order, String value) {
    if (table.wide()) {
      check("order entry at " + order, null, value);
      return;
    }
    Set<Address> items = stored.itemsOf(order);
    for (Address item : items) {
      if (sameList(item, order)) {
        check(keys.getOrDefault(item, item.toString()) + " has an order row " + order, null, value);
        return;
      }
    }
  }

  /** Whether an order row may belong to an item: row keys are hash, kind, list, …, rest. */
  private boolean sameList(Address item, Address order) {
    byte[] i = org.apache.hadoop.hbase.util.Bytes.toBytesBinary(item.row());
    byte[] o = org.apache.hadoop.hbase.util.Bytes.toBytesBinary(order.row());
    int list = 3;
    while (list < i.length && list < o.length && i[list] == o[list]) {
      list++;
    }
    int rest = 0;
    while (rest < i.length - 3
        && rest < o.length - 3
        && i[i.length - 1 - rest] == o[o.length - 1 - rest]) {
      rest++;
    }
    return i[0] == o[0] && i[1] == o[1] && list + rest >= i.length;
  }

  private void check(String what, @Nullable String mysql, @Nullable String hbase) {
    if (!Objects.equals(mysql, hbase)) {
      differing++;
      if (examples.size() < EXAMPLES) {
        examples.add(table.table() + " " + what + ": MySQL " + mysql + ", HBase " + hbase);
      }
    }
  }
}

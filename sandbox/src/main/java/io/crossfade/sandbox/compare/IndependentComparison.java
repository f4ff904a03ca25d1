package io.crossfade.sandbox.compare;

import io.crossfade.sandbox.workload.Edge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.jspecify.annotations.Nullable;

/**
 * Compares every follower row of MySQL with HBase: items, their order entries and (wide) the
 * counters of lists. Both sides must be at rest.
 */
public final class IndependentComparison {
  private static final byte[] ITEMS = {'i'};
  private static final byte[] ORDERS = {'o'};
  private static final byte[] COUNTERS = {'c'};
  private static final byte[] STATE = {0};
  private static final int EXAMPLES = 10;

  private final String bootstrapServers;
  private final String hbaseTable;
  private final boolean wide;

  private final Map<Edge, String> items = new HashMap<>();
  private final Map<Edge, Long> versions = new HashMap<>();
  private final Map<Edge, String> orders = new HashMap<>();
  private final Map<Edge, Long> orderVersions = new HashMap<>();
  private final Map<Long, Long> counters = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long differing;

  /**
   * What was found.
   *
   * @param compared rows of MySQL compared
   * @param differing rows, order entries and counters that are missing, extra or different
   * @param examples the first few of them
   */
  public record Outcome(long compared, long differing, List<String> examples) {
    @Override
    public String toString() {
      return "%,d rows compared, %,d differing".formatted(compared, differing);
    }
  }

  public IndependentComparison(String bootstrapServers, String hbaseTable, String layout) {
    this.bootstrapServers = bootstrapServers;
    this.hbaseTable = hbaseTable;
    this.wide = layout.equals("wide");
  }

  /** Compares {@code follower} of the connection's database with the HBase table. */
  public Outcome compare(Connection mysql) throws IOException, SQLException {
    readHBase();
    long compared = 0;
    Map<Long, Long> counts = new HashMap<>();
    try (Statement s = mysql.createStatement()) {
      s.execute("SET time_zone = '+00:00'");
      s.setFetchSize(Integer.MIN_VALUE);
      try (ResultSet r =
          s.executeQuery(
              "SELECT user_id, follower_id, CAST(created_at AS CHAR), status FROM follower")) {
        while (r.next()) {
          compared++;
          Edge edge = new Edge(r.getLong(1), r.getLong(2));
          String row = r.getString(3) + "|" + r.getString(4);
          counts.merge(edge.user(), 1L, Long::sum);
          check(edge + " item", row, items.remove(edge));
          check(edge + " order entry", row, orders.remove(edge));
        }
      }
    }
    items.forEach((edge, row) -> check(edge + " item", null, row));
    orders.forEach((edge, row) -> check(edge + " order entry", null, row));
    if (wide) {
      counters.keySet().forEach(user -> counts.putIfAbsent(user, 0L));
      counts.forEach((user, n) -> check("counter of " + user, n, counters.getOrDefault(user, 0L)));
    }
    return new Outcome(compared, differing, List.copyOf(examples));
  }

  private void check(String what, @Nullable Object mysql, @Nullable Object hbase) {
    if (!Objects.equals(mysql, hbase)) {
      differing++;
      if (examples.size() < EXAMPLES) {
        examples.add(what + ": MySQL " + mysql + ", HBase " + hbase);
      }
    }
  }

  private void readHBase() throws IOException {
    Configuration c = HBaseConfiguration.create();
    c.set("hbase.client.registry.impl", "org.apache.hadoop.hbase.client.RpcConnectionRegistry");
    c.set("hbase.client.bootstrap.servers", bootstrapServers);
    try (org.apache.hadoop.hbase.client.Connection hbase = ConnectionFactory.createConnection(c);
        Table table = hbase.getTable(TableName.valueOf(hbaseTable));
        ResultScanner rows = table.getScanner(new Scan().setCaching(200))) {
      for (Result row : rows) {
        if (wide) {
          wideRow(row);
        } else {
          tallRow(row);
        }
      }
    }
    orders
        .keySet()
        .removeIf(e -> !wide && !versions.getOrDefault(e, -1L).equals(orderVersions.get(e)));
  }

  private void wideRow(Result row) {
    long user = FollowerCells.key(row.getRow(), FollowerCells.HASH);
    for (Cell cell : row.rawCells()) {
      byte[] qualifier = CellUtil.cloneQualifier(cell);
      byte[] value = CellUtil.cloneValue(cell);
      if (CellUtil.matchingFamily(cell, ITEMS)) {
        String item = FollowerCells.packed(value);
        if (item != null) {
          items.put(new Edge(user, FollowerCells.key(qualifier, 0)), item);
        }
      } else if (CellUtil.matchingFamily(cell, ORDERS)) {
        order(user, FollowerCells.OrderKey.read(qualifier, 0), value, cell.getTimestamp());
      } else if (CellUtil.matchingFamily(cell, COUNTERS)) {
        counters.put(user, ByteBuffer.wrap(value).getLong());
      }
    }
  }

  private void tallRow(Result row) {
    byte[] key = row.getRow();
    long user = FollowerCells.key(key, FollowerCells.HASH + 1);
    int rest = FollowerCells.HASH + 1 + FollowerCells.LONG;
    if (key[FollowerCells.HASH] == 1) {
      Cell state = row.getColumnLatestCell(ITEMS, STATE);
      if (state != null && CellUtil.cloneValue(state)[0] == 1) {
        Edge edge = new Edge(user, FollowerCells.key(key, rest));
        versions.put(edge, state.getTimestamp());
        items.put(edge, FollowerCells.cells(column(row, "created_at"), column(row, "status")));
      }
    } else {
      Cell entry = row.getColumnLatestCell(ORDERS, STATE);
      if (entry == null) {
        return;
      }
      order(
          user,
          FollowerCells.OrderKey.read(key, rest),
          CellUtil.cloneValue(entry),
          entry.getTimestamp());
    }
  }

  private static byte @Nullable [] column(Result row, String name) {
    return row.getValue(ITEMS, name.getBytes(StandardCharsets.UTF_8));
  }

  private void order(long user, FollowerCells.OrderKey key, byte[] value, long version) {
    String row = FollowerCells.packed(value);
    if (row == null) {
      return;
    }
    Edge edge = new Edge(user, key.follower());
    if (!row.startsWith(key.createdAt() + "|")) {
      differing++;
      examples.add(edge + " order entry at " + key.createdAt() + " says " + row);
    }
    Long other = orderVersions.get(edge);
    if (wide && other != null) {
      differing++;
      examples.add(edge + " has two order entries");
    }
    if (other == null || other < version) {
      orders.put(edge, row);
      orderVersions.put(edge, version);
    }
  }
}

package io.crossfade.sandbox.workload;

import io.crossfade.sandbox.workload.Client.Operation;
import io.crossfade.sandbox.workload.Latencies.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one client does to the follower table, by weight. It remembers its own latest committed
 * changes and checks that reads show them. Confined to its client's thread.
 */
final class FollowerOperations {
  private static final int REMEMBERED = 200;

  private final long[] users;
  private final long[] owned;
  private final SplittableRandom random;
  private final Tally tally;
  private final Map<Operation, Integer> weights = new LinkedHashMap<>();
  private final Map<Operation, String> names = new HashMap<>();
  private final Map<Operation, Kind> kinds = new HashMap<>();

  /** Status of the own keys changed lately; null = unfollowed. */
  private final Map<Edge, @Nullable Integer> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Edge, @Nullable Integer> eldest) {
          return size() > REMEMBERED;
        }
      };

  FollowerOperations(long[] users, int client, int clients, SplittableRandom random, Tally tally) {
    this.users = users;
    this.random = random;
    this.tally = tally;
    long[] mine = new long[users.length];
    int n = 0;
    for (long u : users) {
      if (Math.floorMod(u, clients) == client) {
        mine[n++] = u;
      }
    }
    this.owned = n == 0 ? new long[] {1_000_000_000L + client} : java.util.Arrays.copyOf(mine, n);
    add("is following", Kind.READ, 30, this::isFollowing);
    add("own change", Kind.READ, 10, this::ownChange);
    add("newest 100", Kind.READ, 20, c -> newest(c, 100, 0));
    add("page", Kind.READ, 5, c -> newest(c, 20, 20 * random.nextInt(4)));
    add("count", Kind.READ, 5, this::count);
    add("follow", Kind.WRITE, 12, c -> follow(c, ownEdge()));
    add("unfollow", Kind.WRITE, 7, c -> unfollow(c, ownEdge()));
    add("set status", Kind.WRITE, 6, this::setStatus);
    add("range update", Kind.WRITE, 1, this::rangeUpdate);
    add("transaction", Kind.WRITE, 3, this::transaction);
    add("rolled back transaction", Kind.WRITE, 2, this::rolledBackTransaction);
  }

  private void add(String name, Kind kind, int weight, Operation operation) {
    weights.put(operation, weight);
    names.put(operation, name);
    kinds.put(operation, kind);
  }

  Map<Operation, Kind> kinds() {
    return kinds;
  }

  String name(Operation operation) {
    return names.getOrDefault(operation, "?");
  }

  /** The last change may or may not have been made: forget what was believed. */
  void uncertain() {
    known.clear();
  }

  Operation next() {
    int total = weights.values().stream().mapToInt(Integer::intValue).sum();
    int ticket = random.nextInt(total);
    Operation chosen = null;
    for (Map.Entry<Operation, Integer> e : weights.entrySet()) {
      chosen = e.getKey();
      ticket -= e.getValue();
      if (ticket < 0) {
        break;
      }
    }
    if (chosen == null) {
      throw new IllegalStateException("no operations");
    }
    return chosen;
  }

  private long anyUser() {
    return users[random.nextInt(users.length)];
  }

  private Edge ownEdge() {
    return new Edge(owned[random.nextInt(owned.length)], anyUser());
  }

  private void isFollowing(Connection c) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("SELECT status FROM follower WHERE user_id=? AND follower_id=?")) {
      s.setLong(1, anyUser());
      s.setLong(2, anyUser());
      drain(s);
    }
  }

  private void ownChange(Connection c) throws SQLException {
    if (known.isEmpty()) {
      isFollowing(c);
      return;
    }
    Edge edge =
        known.keySet().stream().skip(random.nextInt(known.size())).findFirst().orElseThrow();
    Integer expected = known.get(edge);
    try (PreparedStatement s =
        c.prepareStatement("SELECT status FROM follower WHERE user_id=? AND follower_id=?")) {
      s.setLong(1, edge.user());
      s.setLong(2, edge.follower());
      try (ResultSet r = s.executeQuery()) {
        Integer seen = r.next() ? (Integer) r.getInt(1) : null;
        if (!java.util.Objects.equals(seen, expected)) {
          tally.stale(edge + " is " + seen + ", committed was " + expected);
        }
      }
    }
  }

  private void newest(Connection c, int limit, int offset) throws SQLException {
    String sql =
        "SELECT follower_id, created_at, status FROM follower WHERE user_id=?"
            + " ORDER BY created_at DESC LIMIT ?";
    try (PreparedStatement s = c.prepareStatement(offset == 0 ? sql : sql + " OFFSET ?")) {
      s.setLong(1, anyUser());
      s.setInt(2, limit);
      if (offset != 0) {
        s.setInt(3, offset);
      }
      drain(s);
    }
  }

  private void count(Connection c) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("SELECT COUNT(*) FROM follower WHERE user_id=?")) {
      s.setLong(1, anyUser());
      drain(s);
    }
  }

  private void follow(Connection c, Edge edge) throws SQLException {
    int status = random.nextInt(3);
    insert(c, edge, status);
    known.put(edge, status);
  }

  private void insert(Connection c, Edge edge, int status) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO follower (user_id, follower_id, created_at, status)"
                + " VALUES (?, ?, NOW(3), ?) ON DUPLICATE KEY UPDATE status = VALUES(status)")) {
      s.setLong(1, edge.user());
      s.setLong(2, edge.follower());
      s.setInt(3, status);
      s.executeUpdate();
    }
  }

  private void unfollow(Connection c, Edge edge) throws SQLException {
    delete(c, edge);
    known.put(edge, null);
  }

  private void delete(Connection c, Edge edge) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("DELETE FROM follower WHERE user_id=? AND follower_id=?")) {
      s.setLong(1, edge.user());
      s.setLong(2, edge.follower());
      s.executeUpdate();
    }
  }

  private void setStatus(Connection c) throws SQLException {
    Edge edge = ownEdge();
    int status = random.nextInt(3);
    try (PreparedStatement s =
        c.prepareStatement("UPDATE follower SET status=? WHERE user_id=? AND follower_id=?")) {
      s.setInt(1, status);
      s.setLong(2, edge.user());
      s.setLong(3, edge.follower());
      s.executeUpdate();
    }
    if (known.get(edge) != null) {
      known.put(edge, status);
    } else {
      known.remove(edge);
    }
  }

  private void rangeUpdate(Connection c) throws SQLException {
    long user = owned[random.nextInt(owned.length)];
    try (PreparedStatement s =
        c.prepareStatement("UPDATE follower SET status=? WHERE user_id=? AND status=?")) {
      s.setInt(1, random.nextInt(3));
      s.setLong(2, user);
      s.setInt(3, random.nextInt(3));
      s.executeUpdate();
    }
    known.keySet().removeIf(e -> e.user() == user);
  }

  private void transaction(Connection c) throws SQLException {
    Edge gone = ownEdge();
    Edge come = ownEdge();
    int status = random.nextInt(3);
    c.setAutoCommit(false);
    delete(c, gone);
    insert(c, come, status);
    c.commit();
    c.setAutoCommit(true);
    known.put(gone, null);
    known.put(come, status);
  }

  private void rolledBackTransaction(Connection c) throws SQLException {
    c.setAutoCommit(false);
    delete(c, ownEdge());
    insert(c, ownEdge(), 2);
    c.rollback();
    c.setAutoCommit(true);
    tally.rolledBack();
  }

  private static void drain(PreparedStatement s) throws SQLException {
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        r.getObject(1);
      }
    }
  }
}

package io.crossfade.sandbox.selftest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The history check: a session that alone writes a list of registers, each with a counter that only
 * grows, and reads them back through the proxy after each commit. What it reads must be its own
 * last acknowledged commit: not older, not back after a delete, not twice. After an outcome that it
 * does not know it leaves the list for a new one: what was on its way may still land.
 */
final class RegisterOwner implements Runnable {
  private static final int ITEMS = 12;

  /** Mostly at once; now and then late enough for the mirror to have caught up. */
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Login login;
  private final String schema;
  private final SplittableRandom random;
  private final Counts counts;
  private final BooleanSupplier running;
  private final Map<Integer, Long> acknowledged = new TreeMap<>();
  private long owner;
  private long counter;

  RegisterOwner(
      Login login, String schema, long seed, int number, Counts counts, BooleanSupplier running) {
    this.login = login;
    this.schema = schema;
    this.random = new SplittableRandom(seed * 1_000_003 + number);
    this.counts = counts;
    this.running = running;
    this.owner = (seed & 0xFFFFFF) * 1_000_000_000L + number * 1_000_000L;
  }

  @Override
  public void run() {
    while (running.getAsBoolean()) {
      owner++;
      acknowledged.clear();
      try (Connection c = login.connect(schema)) {
        while (running.getAsBoolean()) {
          change(c);
          read(c);
          LockSupport.parkNanos(random.nextLong(random.nextInt(4) == 0 ? LONG_NANOS : SHORT_NANOS));
          for (int reads = random.nextInt(8); reads > 0; reads--) {
            read(c);
          }
        }
      } catch (SQLException e) {
        counts.event("lists of registers left after error " + e.getErrorCode());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  /** One commit of one to three changes. */
  private void change(Connection c) throws SQLException {
    Map<Integer, @Nullable Long> changes = new TreeMap<>();
    int n = 1 + random.nextInt(3);
    boolean transaction = n > 1 || random.nextBoolean();
    boolean rollback = transaction && random.nextInt(6) == 0;
    try (Statement s = c.createStatement()) {
      if (transaction) {
        s.execute("BEGIN");
      }
      for (int i = 0; i < n; i++) {
        int item = random.nextInt(ITEMS);
        if (random.nextInt(4) == 0) {
          execute(c, "DELETE FROM register WHERE owner = ? AND item = ?", owner, item);
          changes.put(item, null);
        } else {
          long v = ++counter;
          execute(
              c,
              "INSERT INTO register VALUES (?, ?, ?, 'pad') ON DUPLICATE KEY UPDATE v = VALUES(v)",
              owner,
              item,
              v);
          changes.put(item, v);
        }
      }
      if (transaction) {
        s.execute(rollback ? "ROLLBACK" : "COMMIT");
      }
    }
    counts.statement("register commit");
    if (!rollback) {
      changes.forEach(
          (item, v) -> {
            if (v == null) {
              acknowledged.remove(item);
            } else {
              acknowledged.put(item, v);
            }
          });
    }
  }

  private void read(Connection c) throws SQLException {
    counts.event("registers read back");
    Map<Integer, Long> seen = new TreeMap<>();
    int item = random.nextInt(ITEMS);
    boolean point = random.nextInt(3) > 0;
    String sql =
        point
            ? "SELECT item, v FROM register WHERE owner = ? AND item = ?"
            : "SELECT item, v FROM register WHERE owner = ? ORDER BY item";
    try (PreparedStatement s = c.prepareStatement(sql)) {
      s.setLong(1, owner);
      if (point) {
        s.setInt(2, item);
      }
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          if (seen.put(r.getInt(1), r.getLong(2)) != null) {
            counts.finding("register " + owner + "/" + r.getInt(1) + " was read twice");
          }
        }
      }
    }
    Map<Integer, Long> wanted = new TreeMap<>(acknowledged);
    if (point) {
      wanted.keySet().removeIf(i -> i != item);
    }
    if (!seen.equals(wanted)) {
      counts.finding(
          "registers of %d in %s: committed %s, read %s".formatted(owner, schema, wanted, seen));
    }
  }

  private static void execute(Connection c, String sql, long... values) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        s.setLong(i + 1, values[i]);
      }
      s.executeUpdate();
    }
  }
}

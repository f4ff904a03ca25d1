package io.crossfade.dualwrite.mysql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives the versions of one table: MySQL's clock in milliseconds, each once in this process, never
 * below one that may have been used before. Thread-safe; blocks.
 *
 * <p>The largest version is kept in the {@link VersionLedger}, reserved ahead in blocks. A clock
 * below what an earlier life reserved, or below any that this one has relied on, is an error to
 * wait out: versions are never clamped. The look that proves the tick counts as well: a row was
 * read at that time, and should the clock be set back, no later state may get a version as low.
 */
public final class Versions {
  /**
   * How far ahead of the clock a reservation reaches; also how long a killed process's heir waits.
   */
  static final long BLOCK_MILLIS = 2_000;

  private static final long TICK_PARK_NANOS = 150_000;

  private final VersionLedger ledger;
  private final Primary primary;
  private boolean known;
  private long floor;
  private long used;
  private long proof;
  private long reserved;

  public Versions(VersionLedger ledger, Primary primary) {
    this.ledger = ledger;
    this.primary = primary;
  }

  /**
   * Takes a version on {@code connection}; rows read on that connection after this returns were
   * read at least one clock tick later, on the same writable server.
   *
   * @throws ClockBehindException when MySQL's clock is behind
   * @throws NotPrimaryException when the connection does not lead to the primary
   * @throws IOException when the ledger cannot be read or written
   */
  public Version next(Connection connection) throws SQLException, IOException {
    long taken = System.nanoTime();
    Look look = Look.at(connection);
    primary.check(look);
    long version = claim(connection, look.millis());
    while (true) {
      Look second = Look.at(connection);
      primary.check(second);
      if (second.millis() > version) {
        proved(second.millis());
        return new Version(version, taken);
      }
      if (second.millis() < version) {
        throw new ClockBehindException(version - second.millis());
      }
      LockSupport.parkNanos(TICK_PARK_NANOS);
    }
  }

  private synchronized long claim(Connection connection, long first)
      throws SQLException, IOException {
    if (!known) {
      floor = ledger.reserved();
      known = true;
    }
    long millis = first;
    if (millis < Math.max(used, proof)) {
      millis = Look.at(connection).millis(); // another thread overtook since our look
    }
    while (millis == used) { // another thread has this millisecond
      LockSupport.parkNanos(TICK_PARK_NANOS);
      millis = Look.at(connection).millis();
    }
    long least = Math.max(Math.max(floor, used) + 1, proof);
    if (millis < least) {
      throw new ClockBehindException(least - millis);
    }
    cover(millis);
    used = millis;
    return millis;
  }

  private synchronized void proved(long millis) throws IOException {
    cover(millis);
    proof = Math.max(proof, millis);
  }

  private void cover(long millis) throws IOException {
    if (millis > reserved) {
      ledger.reserve(millis + BLOCK_MILLIS);
      reserved = millis + BLOCK_MILLIS;
    }
  }

  /** The largest version given out; 0 when none. */
  public synchronized long used() {
    return used;
  }

  /**
   * Gives back what was reserved ahead, at a clean shutdown when no write is under way any more.
   */
  public synchronized void release() throws IOException {
    long greatest = Math.max(used, proof);
    if (reserved > greatest && used > 0) {
      ledger.release(reserved, greatest);
      reserved = greatest;
    }
  }
}

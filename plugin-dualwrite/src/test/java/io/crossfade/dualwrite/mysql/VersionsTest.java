package io.crossfade.dualwrite.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionsTest {
  private final Deque<Long> clock = new ArrayDeque<>();
  private final ClockServer server = new ClockServer(clock::removeFirst);
  private final Ledger ledger = new Ledger();
  private final Versions versions = versions();

  private static final class Ledger implements VersionLedger {
    private long reserved;

    @Override
    public long reserved() {
      return reserved;
    }

    @Override
    public void reserve(long version) {
      reserved = Math.max(reserved, version);
    }

    @Override
    public void release(long was, long used) {
      assertThat(was).isEqualTo(reserved);
      reserved = used;
    }
  }

  private Versions versions() {
    return new Versions(ledger, new Primary("one", (old, next) -> {}));
  }

  private long next(Versions of, long... looks) throws SQLException, IOException {
    clock.clear();
    for (long look : looks) {
      clock.add(look);
    }
    long version = of.next(server.connection()).millis();
    assertThat(clock).as("looks left over").isEmpty();
    return version;
  }

  @Test
  void waitsUntilTheClockHasTicked() throws Exception {
    assertThat(next(versions, 1000, 1000, 1000, 1001)).isEqualTo(1000);
  }

  @Test
  void neverGivesAVersionTwice() throws Exception {
    assertThat(next(versions, 1000, 1001)).isEqualTo(1000);
    assertThat(next(versions, 1000, 1001, 1002)).as("overtaken: looks again").isEqualTo(1001);
  }

  @Test
  void aClockThatWasSetBackPausesAndNothingIsClamped() throws Exception {
    next(versions, 1000, 1001);
    assertThatThrownBy(() -> next(versions, 900, 900))
        .isInstanceOfSatisfying(
            ClockBehindException.class, e -> assertThat(e.missingMillis()).isEqualTo(101));
    assertThat(next(versions, 1001, 1002)).isEqualTo(1001);
  }

  @Test
  void aClockSetBackWhileItIsWaitedForIsNoTick() {
    assertThatThrownBy(() -> next(versions, 1000, 999)).isInstanceOf(ClockBehindException.class);
  }

  @Test
  void theLookThatProvedTheTickIsNeverGoneBackBehind() throws Exception {
    next(versions, 1000, 1500);
    assertThatThrownBy(() -> next(versions, 1200, 1200)).isInstanceOf(ClockBehindException.class);
    assertThat(next(versions, 1500, 1501)).isEqualTo(1500);
  }

  @Test
  void theLedgerCoversTheLookThatProvedTheTick() throws Exception {
    long late = 1000 + Versions.BLOCK_MILLIS + 500;
    next(versions, 1000, late);
    assertThat(ledger.reserved).isGreaterThanOrEqualTo(late);
    versions.release();
    assertThat(ledger.reserved).isEqualTo(late);
    assertThatThrownBy(() -> next(versions(), late, late)).isInstanceOf(ClockBehindException.class);
    assertThat(next(versions(), late + 1, late + 2)).isEqualTo(late + 1);
  }

  @Test
  void anHeirWaitsForWhatAKilledProcessReserved() throws Exception {
    next(versions, 1000, 1001);
    assertThatThrownBy(() -> next(versions(), 1002, 1002)).isInstanceOf(ClockBehindException.class);
    long free = 1001 + Versions.BLOCK_MILLIS;
    assertThat(next(versions(), free, free + 1)).isEqualTo(free);
  }

  @Test
  void aServerThatIsNotThePrimaryGivesNone() {
    server.uuid = "two";
    assertThatThrownBy(() -> next(versions, 1000)).isInstanceOf(NotPrimaryException.class);
    server.readOnly = true;
    assertThatThrownBy(() -> next(versions, 1000))
        .isInstanceOfSatisfying(
            NotPrimaryException.class, e -> assertThat(e.token()).isEqualTo("read-only"));
  }

  @Test
  void aVersionGrowsOldByTheMonotonicClock() {
    Duration limit = Duration.ofSeconds(10);
    long now = System.nanoTime();
    assertThat(new Version(1, now).olderThan(limit)).isFalse();
    assertThat(new Version(1, now - limit.toNanos() - 1).olderThan(limit)).isTrue();
    assertThat(List.of(new Version(1, now - limit.toNanos() / 2)))
        .noneMatch(version -> version.olderThan(limit));
  }
}

package io.crossfade.readswitch.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentReadsTest {
  private final AtomicLong now = new AtomicLong(10_000);
  private final RecentReads reads = new RecentReads(now::get);

  @Test
  void countsBySecond() {
    reads.add();
    now.addAndGet(5);
    reads.add();
    reads.add();
    now.addAndGet(5);
    assertThat(since(0)).isZero();
    assertThat(since(4)).isZero();
    assertThat(since(5)).isEqualTo(2);
    assertThat(since(10)).isEqualTo(3);
  }

  @Test
  void forgetsTheSecondsOfAnHourAgoButNotTheTotal() {
    reads.add();
    now.addAndGet(3_600);
    assertThat(since(3_599)).isZero();
    assertThat(since(3_600)).isEqualTo(1);
    reads.add();
    now.addAndGet(100_000);
    assertThat(since(10)).isZero();
    assertThat(since(1_000_000)).isEqualTo(2);
  }

  @Test
  void aClockThatStepsBackLosesNothing() {
    reads.add();
    now.addAndGet(-5);
    reads.add();
    now.addAndGet(6);
    assertThat(since(1)).isEqualTo(2);
  }

  private long since(long secondsAgo) {
    return reads.since(Instant.ofEpochSecond(now.get() - secondsAgo));
  }
}

package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dualwrite.mirror.Brake.Reason;
import io.crossfade.dualwrite.mirror.Brake.Work;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BrakeTest {
  private final Notice notice = new Notice(new SimpleMeterRegistry(), "social.follower");
  private long now;
  private final Brake brake = new Brake(notice, () -> now);

  private void threads(double excess) {
    brake.read(Reason.MYSQL_THREADS_RUNNING, excess, "Threads_running 80, the limit is 25");
  }

  @Test
  void nothingIsSlowedDownBelowTheLimit() {
    assertThat(brake.factor(Work.BULK)).isEqualTo(1);
    threads(1);
    assertThat(brake.factor(Work.BULK)).isEqualTo(1);
    assertThat(brake.factor(Work.MIRROR)).isEqualTo(1);
    assertThat(brake.report()).isEmpty();
    assertThat(notice.counted("throttlings")).isZero();
  }

  @Test
  void bulkWorkIsSlowedDownFirstAndTheMirrorLast() {
    threads(2);
    assertThat(brake.factor(Work.BULK)).isEqualTo(0.25);
    assertThat(brake.factor(Work.MIRROR)).isEqualTo(1);
    threads(4);
    assertThat(brake.factor(Work.MIRROR)).isEqualTo(0.5);
  }

  @Test
  void neitherEverStops() {
    threads(1000);
    brake.signal(Reason.HBASE_OVERLOADED, "HBase answers: overloaded");
    assertThat(brake.factor(Work.BULK)).isEqualTo(0.05);
    assertThat(brake.factor(Work.MIRROR)).isEqualTo(0.25);
    assertThat(brake.pauseNanos(Work.BULK, 1_000, Long.MAX_VALUE)).isBetween(18_900L, 19_100L);
    assertThat(brake.pauseNanos(Work.BULK, 1_000, 500)).isEqualTo(500);
  }

  @Test
  void theReasonIsShownWithWhatWasReadAndSinceWhen() {
    threads(3.2);
    assertThat(brake.report())
        .containsEntry("reason", "mysql-threads-running")
        .containsEntry("detail", "Threads_running 80, the limit is 25")
        .containsEntry("factor", 0.63)
        .containsEntry("bulkFactor", 0.1)
        .containsKey("since");
    assertThat(notice.counted("throttlings")).isEqualTo(1);
    threads(3.3);
    assertThat(notice.counted("throttlings")).as("it is the same still").isEqualTo(1);
    threads(0.5);
    threads(3);
    assertThat(notice.counted("throttlings")).isEqualTo(2);
  }

  @Test
  void aSignalOfHBaseFades() {
    brake.signal(Reason.HBASE_OVERLOADED, "HBase answers: overloaded");
    brake.signal(Reason.HBASE_OVERLOADED, "HBase answers: overloaded");
    assertThat(brake.factor(Work.BULK)).as("one event seen by two").isEqualTo(0.25);
    for (int i = 0; i < 5; i++) {
      now += TimeUnit.SECONDS.toNanos(1);
      brake.signal(Reason.HBASE_OVERLOADED, "HBase answers: overloaded");
    }
    assertThat(brake.factor(Work.MIRROR)).isLessThan(0.5);
    assertThat(brake.report()).containsEntry("reason", "hbase-overloaded");
    now += TimeUnit.SECONDS.toNanos(15);
    assertThat(brake.factor(Work.BULK)).isEqualTo(1);
    assertThat(brake.report()).isEmpty();
  }

  @Test
  void aReadingThatIsNotRepeatedCountsForSecondsOnly() {
    threads(8);
    now += TimeUnit.SECONDS.toNanos(9);
    assertThat(brake.factor(Work.BULK)).isLessThan(1);
    now += TimeUnit.SECONDS.toNanos(2);
    assertThat(brake.factor(Work.BULK)).isEqualTo(1);
  }
}

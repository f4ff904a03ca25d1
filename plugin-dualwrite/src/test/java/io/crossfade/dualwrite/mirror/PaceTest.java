package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long FAST = TimeUnit.MILLISECONDS.toNanos(20);

  private long now;
  private final Pace pace = new Pace(() -> now);

  private void work(int batches, int keys, long nanos) {
    for (int i = 0; i < batches; i++) {
      pace.worked(keys, nanos);
    }
  }

  @Test
  void beginsWithOneAndGrowsToTheMost() {
    pace.most(8);
    assertThat(pace.limit()).isEqualTo(1);
    work(200, 100, FAST);
    assertThat(pace.limit()).isEqualTo(8);
  }

  @Test
  void aFailureHalvesItOnceHoweverManySeeIt() {
    pace.most(8);
    work(200, 100, FAST);
    for (int i = 0; i < 8; i++) {
      pace.failed();
    }
    assertThat(pace.limit()).isEqualTo(4);
    now += TimeUnit.SECONDS.toNanos(1);
    pace.failed();
    assertThat(pace.limit()).isEqualTo(2);
    for (int i = 0; i < 8; i++) {
      now += TimeUnit.SECONDS.toNanos(1);
      pace.failed();
    }
    assertThat(pace.limit()).as("one always works").isEqualTo(1);
  }

  @Test
  void batchesThatTakeManyTimesAsLongAsThoseOfTheirSizeMakeItFewer() {
    pace.most(8);
    work(200, 4, FAST / 10);
    work(200, 256, FAST);
    assertThat(pace.limit()).isEqualTo(8);
    assertThat(pace.worked(4, FAST)).as("slow for its size, but fast enough").isFalse();
    assertThat(pace.worked(256, FAST * 20)).isTrue();
    assertThat(pace.limit()).isEqualTo(6);
  }

  @Test
  void aWorkerAboveTheLimitMayNotWork() throws InterruptedException {
    pace.most(4);
    assertThat(pace.await(0, 0.01, 1)).as("the first always may").isTrue();
    assertThat(pace.await(1, 1, 1)).isFalse();
    work(200, 100, FAST);
    assertThat(pace.await(3, 1, 1)).isTrue();
    assertThat(pace.await(3, 0.5, 1)).isFalse();
    assertThat(pace.await(1, 0.5, 1)).isTrue();
  }
}

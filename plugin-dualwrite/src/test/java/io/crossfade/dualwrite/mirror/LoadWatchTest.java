package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dualwrite.mirror.Brake.Work;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LoadWatchTest {
  private final Notice notice = new Notice(new SimpleMeterRegistry(), "social.follower");
  private final Brake brake = new Brake(notice);
  private final Answers server = new Answers();
  private LoadWatch.Limits limits = new LoadWatch.Limits(25, List.of(), Duration.ZERO);
  private final LoadWatch watch = new LoadWatch(server, () -> limits, List.of(brake));

  /** A server that says what it is told to. */
  private static final class Answers implements LoadWatch.Server {
    private long running;
    private OptionalLong behind = OptionalLong.of(0);
    private boolean down;
    private int asked;

    @Override
    public long threadsRunning() throws SQLException {
      asked++;
      if (down) {
        throw new SQLException("gone away");
      }
      return running;
    }

    @Override
    public OptionalLong secondsBehind(List<String> replicas) {
      asked++;
      return behind;
    }
  }

  @Test
  void manyRunningThreadsSlowTheBulkWorkDown() throws InterruptedException {
    server.running = 50;
    watch.round();
    assertThat(brake.factor(Work.BULK)).isEqualTo(0.25);
    assertThat(brake.report()).containsEntry("detail", "Threads_running 50, the limit is 25");
    server.running = 20;
    watch.round();
    assertThat(brake.factor(Work.BULK)).isEqualTo(1);
  }

  @Test
  void limitsThatAreOffAreNotEvenRead() throws InterruptedException {
    limits = new LoadWatch.Limits(0, List.of(), Duration.ZERO);
    server.running = 500;
    watch.round();
    assertThat(brake.factor(Work.BULK)).isEqualTo(1);
    assertThat(server.asked).isZero();
  }

  @Test
  void aReloadThatTurnsALimitOffCountsAtTheNextReading() throws InterruptedException {
    server.running = 500;
    watch.round();
    assertThat(brake.factor(Work.BULK)).isLessThan(1);
    limits = new LoadWatch.Limits(0, List.of(), Duration.ZERO);
    watch.round();
    assertThat(brake.factor(Work.BULK)).isEqualTo(1);
  }

  @Test
  void aReplicaThatIsBehindSlowsTheBulkWorkDown() throws InterruptedException {
    limits = new LoadWatch.Limits(0, List.of("replica:3306"), Duration.ofSeconds(5));
    server.behind = OptionalLong.of(10);
    watch.round();
    assertThat(brake.factor(Work.BULK)).isEqualTo(0.25);
    assertThat(brake.report()).containsEntry("reason", "replica-lag");
  }

  @Test
  void whatCannotBeReadIsCountedAndSlowsNothingDown() throws InterruptedException {
    limits = new LoadWatch.Limits(25, List.of("replica:3306"), Duration.ofSeconds(5));
    server.down = true;
    server.behind = OptionalLong.empty();
    watch.round();
    assertThat(brake.factor(Work.BULK)).isEqualTo(1);
    assertThat(notice.counted("load-unread")).isEqualTo(2);
  }
}

package io.crossfade.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.ConfigProblem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DualWriteConfigTest {
  private static List<String> problems(Duration stall, Duration lifetime, Duration retention) {
    return new DualWriteConfig(
            new DualWriteConfig.MySql("mirror", "", 0),
            new DualWriteConfig.HBase(
                "localhost:1", null, null, null, null, Duration.ofSeconds(10)),
            new DualWriteConfig.Dirty(null, stall, null),
            new DualWriteConfig.Reconcile(0, 0, 0, 0),
            0,
            0,
            lifetime,
            retention)
        .problems().stream().map(ConfigProblem::toString).toList();
  }

  @Test
  void theDefaultsAreRight() {
    assertThat(problems(Duration.ofMillis(200), Duration.ofMinutes(2), Duration.ofHours(24)))
        .isEmpty();
  }

  @Test
  void softDeletionsMustOutliveTheOldestVersionThatIsSentAndItsWrite() {
    Duration lifetime = Duration.ofMinutes(2);
    assertThat(problems(Duration.ofMillis(200), lifetime, Duration.ofMinutes(4)))
        .singleElement()
        .asString()
        .contains("retention")
        .contains("4m10s");
    assertThat(problems(Duration.ofMillis(200), lifetime, Duration.ofSeconds(250))).isEmpty();
  }

  @Test
  void theStoreMustAnswerLongBeforeTheRelayForwardsByItself() {
    assertThat(problems(Duration.ofSeconds(6), Duration.ofMinutes(2), Duration.ofHours(24)))
        .singleElement()
        .asString()
        .contains("dirty.stall-limit");
  }
}

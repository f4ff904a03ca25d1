package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dualwrite.hbase.StaleVersions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final Health health =
      new Health(new Notice(new SimpleMeterRegistry(), "social.follower"), () -> {});

  @Test
  void aVersionThatGrewOldIsNoFailureOfEitherSide() {
    health.failed(StaleVersions.one());
    assertThat(health.paused()).isEmpty();
    health.failed(new IOException("no region server"));
    assertThat(health.paused()).contains("hbase");
  }
}

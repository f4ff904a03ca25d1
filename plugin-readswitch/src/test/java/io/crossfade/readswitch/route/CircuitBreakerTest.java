package io.crossfade.readswitch.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private static final Duration OPEN_FOR = Duration.ofSeconds(5);

  private final AtomicLong now = new AtomicLong();
  private final CircuitBreaker breaker = new CircuitBreaker(now::get);

  @Test
  void onlyFailuresInARowOpenIt() {
    fail(2);
    assertThat(breaker.record(true, 3)).isFalse();
    fail(2);
    assertThat(breaker.state()).isEqualTo("closed");
    assertThat(breaker.record(false, 3)).isTrue();
    assertThat(breaker.state()).isEqualTo("open");
    assertThat(breaker.allows(OPEN_FOR)).isFalse();
  }

  @Test
  void afterAWhileOneReadIsTriedAtATime() {
    fail(3);
    now.addAndGet(OPEN_FOR.toNanos() - 1);
    assertThat(breaker.allows(OPEN_FOR)).isFalse();
    now.addAndGet(1);
    assertThat(breaker.allows(OPEN_FOR)).isTrue();
    assertThat(breaker.state()).isEqualTo("half-open");
    assertThat(breaker.allows(OPEN_FOR)).isFalse();
    assertThat(breaker.record(true, 3)).isTrue();
    assertThat(breaker.allows(OPEN_FOR)).isTrue();
    assertThat(breaker.allows(OPEN_FOR)).isTrue();
  }

  @Test
  void aFailedTryKeepsItOpenForAnotherWhile() {
    fail(3);
    now.addAndGet(OPEN_FOR.toNanos());
    assertThat(breaker.allows(OPEN_FOR)).isTrue();
    breaker.record(false, 3);
    assertThat(breaker.allows(OPEN_FOR)).isFalse();
    now.addAndGet(OPEN_FOR.toNanos());
    assertThat(breaker.allows(OPEN_FOR)).isTrue();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.record(false, 3);
    }
  }
}

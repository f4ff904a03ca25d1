package io.crossfade.readswitch.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BucketTest {
  private static final InetSocketAddress CLIENT = new InetSocketAddress("10.1.2.3", 4711);

  @Property
  void everySessionHasABucket(@ForAll long sessionId) {
    assertThat(Bucket.of(sessionId)).isBetween(0, Bucket.COUNT - 1);
    assertThat(Bucket.of(sessionId)).isEqualTo(Bucket.of(sessionId));
  }

  @Property
  void raisingThePercentageOnlyAddsSessions(
      @ForAll long sessionId,
      @ForAll @IntRange(max = 1_000_000) int one,
      @ForAll @IntRange(max = 1_000_000) int other) {
    Position lower = position(Math.min(one, other));
    Position higher = position(Math.max(one, other));
    if (side(lower, sessionId) == Position.Side.HBASE) {
      assertThat(side(higher, sessionId)).isEqualTo(Position.Side.HBASE);
    }
  }

  @Property
  void zeroTakesNobodyAndAHundredEverybody(@ForAll long sessionId) {
    assertThat(side(position(0), sessionId)).isEqualTo(Position.Side.MYSQL);
    assertThat(side(position(Bucket.COUNT), sessionId)).isEqualTo(Position.Side.HBASE);
  }

  @Test
  void theShareOfConsecutiveSessionsIsThePercentage() {
    for (String percentage : List.of("0.5", "1", "12.3456", "50", "99.9")) {
      Position position =
          Position.of(new BigDecimal(percentage), Set.of(), List.of(), ListWhitelist.NONE);
      long taken = 0;
      for (long id = 1; id <= 1_000_000; id++) {
        taken += side(position, id) == Position.Side.HBASE ? 1 : 0;
      }
      assertThat(taken / 10_000.0).isCloseTo(Double.parseDouble(percentage), within(0.15));
    }
  }

  @Test
  void theFourthDecimalIsOneBucket() {
    assertThat(Bucket.taken(new BigDecimal("0.0001"))).isEqualTo(1);
    assertThat(Bucket.taken(new BigDecimal("0.01"))).isEqualTo(100);
    assertThat(Bucket.taken(new BigDecimal("100.0000"))).isEqualTo(1_000_000);
    assertThatThrownBy(() -> Bucket.taken(new BigDecimal("0.00001")))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void aWhitelistedUserOrNetworkReadsFromHBaseAtZeroPercent() {
    Position position =
        Position.of(
            BigDecimal.ZERO,
            Set.of("ann"),
            List.of(Cidr.parse("192.168.0.0/16")),
            ListWhitelist.NONE);
    assertThat(position.side(999_999, "ann", CLIENT)).isEqualTo(Position.Side.HBASE);
    assertThat(position.side(999_999, "bob", new InetSocketAddress("192.168.9.9", 1)))
        .isEqualTo(Position.Side.HBASE);
    assertThat(position.side(999_999, "bob", CLIENT)).isEqualTo(Position.Side.MYSQL);
  }

  private static Position position(int buckets) {
    return Position.of(BigDecimal.valueOf(buckets, 4), Set.of(), List.of(), ListWhitelist.NONE);
  }

  private static Position.Side side(Position position, long sessionId) {
    return position.side(Bucket.of(sessionId), "app", CLIENT);
  }
}

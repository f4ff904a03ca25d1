package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.workload.Workload;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** I2 and I4 on real processes. */
class KillNineIT {
  private static final int ROWS = 3_000;

  /** Killed during the backfill at first, then while HBase answers the reads. */
  @ParameterizedTest
  @CsvSource({"wide, 20", "tall, 4"})
  void hbaseEqualsMySqlAfterTheProxyWasKilledAtRandomMomentsUnderLoad(String layout, int kills)
      throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    try (Migration m =
            new Migration(
                SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), layout, ROWS);
        Workload clients = m.startClients(8, 300)) {
      m.command("backfill");
      killAndRestart(m, clients, kills / 2, random);
      m.awaitDone("backfill");
      m.command("verify");
      m.awaitDone("verify");
      m.reads("100");
      killAndRestart(m, clients, kills - kills / 2, random);
      m.awaitHBaseAnswers();
      clients.close();
      assertThat(clients.tally().staleReads())
          .as("stale reads, seed %d: %s", seed, clients.tally().firstErrors())
          .isZero();
      assertEqual(m, seed);
    }
  }

  private static void killAndRestart(
      Migration m, Workload clients, int kills, SplittableRandom random) throws Exception {
    for (int i = 0; i < kills; i++) {
      long before = clients.tally().operations();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1_000)));
      Awaitility.await("the application is at work")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> clients.tally().operations() > before + 30);
      m.proxy().kill9();
      m.proxy().restart();
      m.proxy().awaitReady(Duration.ofMinutes(1));
    }
  }

  private static void assertEqual(Migration m, long seed) throws Exception {
    m.awaitClean();
    IndependentComparison.Outcome result = m.compare();
    assertThat(result.examples()).as("differing rows, seed %d", seed).isEmpty();
    assertThat(result.differing()).isZero();
    assertThat(result.compared()).isGreaterThan(ROWS / 2);
  }
}

package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.EmbeddedHBase;
import io.crossfade.sandbox.FaultyLink;
import io.crossfade.sandbox.HBaseOptions;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.workload.Workload;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** I2 and I4 on real processes. */
class KillNineIT {
  private static final int ROWS = 3_000;
  private static final Duration NO_STALL = Duration.ofSeconds(3);

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

  @Test
  void theApplicationSeesNoErrorAndNoStallWhileHBaseIsKilledAndRestarted() throws Exception {
    try (EmbeddedHBase hbase = EmbeddedHBase.start(HBaseOptions.temporary());
        Migration m = new Migration(SharedServers.mysql(), hbase.bootstrapServers(), "wide", ROWS);
        Workload clients = m.startClients(8, 300)) {
      m.switchReads();
      clients.forgetWaits();
      hbase.kill9();
      awaitOperations(clients, 1_500);
      hbase.restart();
      m.awaitHBaseAnswers();
      clients.close();
      assertUndisturbed(m, clients);
      assertEqual(m, 0);
    }
  }

  @Test
  void theApplicationSeesNoErrorAndNoStallWhileTheNetworkToHBaseIsABlackHole() throws Exception {
    int master = Loopback.freePort();
    int region = Loopback.freePort();
    try (FaultyLink toMaster = FaultyLink.between("127.0.0.2", master, Loopback.HOST, master);
        FaultyLink toRegion = FaultyLink.between("127.0.0.2", region, Loopback.HOST, region);
        EmbeddedHBase hbase =
            EmbeddedHBase.start(
                HBaseOptions.temporary()
                    .withPorts(master, region)
                    .withAdvertisedHost("127.0.0.2"));
        Migration m =
            new Migration(
                SharedServers.mysql(),
                "127.0.0.2:" + hbase.masterPort() + ",127.0.0.2:" + hbase.regionServerPort(),
                "wide",
                ROWS);
        Workload clients = m.startClients(8, 300)) {
      m.switchReads();
      clients.forgetWaits();
      toMaster.blackhole();
      toRegion.blackhole();
      awaitOperations(clients, 4_500);
      toMaster.heal();
      toRegion.heal();
      m.awaitHBaseAnswers();
      clients.close();
      assertUndisturbed(m, clients);
      assertEqual(m, 0);
    }
  }

  private static void awaitOperations(Workload clients, int more) {
    long before = clients.tally().operations();
    Awaitility.await("the application goes on")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> clients.tally().operations() > before + more);
  }

  private static void assertUndisturbed(Migration m, Workload clients) throws Exception {
    assertThat(clients.tally().firstErrors()).as("the proxy warned: %s", m.warnings()).isEmpty();
    assertThat(clients.longestWait()).isLessThan(NO_STALL);
  }

  private static void assertEqual(Migration m, long seed) throws Exception {
    m.awaitClean();
    IndependentComparison.Outcome result = m.compare();
    assertThat(result.examples()).as("differing rows, seed %d", seed).isEmpty();
    assertThat(result.differing()).isZero();
    assertThat(result.compared()).isGreaterThan(ROWS / 2);
  }
}

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

/** I2 and I4 on real processes. */
class KillNineIT {
  private static final int KILLS = 20;
  private static final Duration NO_STALL = Duration.ofSeconds(5);

  @ParameterizedTest
  @ValueSource(strings = {"wide", "tall"})
  void hbaseEqualsMySqlAfterTheProxyWasKilledAtRandomMomentsUnderLoad(String layout)
      throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int kills = layout.equals("wide") ? KILLS : 4;
    try (Migration m =
        new Migration(SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), layout, 3000)) {
      Workload clients = m.startClients(8, 300);
      m.command("backfill");
      for (int i = 0; i < kills; i++) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(1500)));
        m.proxy().kill9();
        m.proxy().restart();
        m.proxy().awaitReady(Duration.ofMinutes(1));
      }
      long after = clients.tally().operations();
      Awaitility.await("the application goes on")
          .atMost(Duration.ofSeconds(30))
          .until(() -> clients.tally().operations() > after + 100);
      clients.close();
      assertThat(clients.tally().staleReads()).as("stale reads, seed %d", seed).isZero();
      m.awaitDone("backfill");
      m.awaitClean();
      IndependentComparison.Outcome result = m.compare();
      assertThat(result.examples()).as("differing rows, seed %d", seed).isEmpty();
      assertThat(result.differing()).isZero();
      assertThat(result.compared()).isGreaterThan(2_000);
    }
  }

  @Test
  void theApplicationSeesNoErrorAndNoStallWhileHBaseIsKilledAndRestarted() throws Exception {
    try (EmbeddedHBase hbase = EmbeddedHBase.start(HBaseOptions.temporary());
        Migration m =
            new Migration(SharedServers.mysql(), hbase.bootstrapServers(), "wide", 3000)) {
      m.command("backfill");
      m.awaitDone("backfill");
      m.command("verify");
      m.awaitDone("verify");
      m.reads("100");
      Workload clients = m.startClients(8, 300);
      Awaitility.await().until(() -> clients.tally().operations() > 300);
      hbase.kill9();
      undisturbed(clients, 900);
      hbase.restart();
      undisturbed(clients, 900);
      clients.close();
      m.awaitClean();
      assertThat(clients.tally().firstErrors()).isEmpty();
      IndependentComparison.Outcome result = m.compare();
      assertThat(result.examples()).isEmpty();
    }
  }

  @Test
  void theApplicationSeesNoErrorAndNoStallWhileTheNetworkToHBaseIsABlackHole() throws Exception {
    int master = Loopback.freePort();
    int region = Loopback.freePort();
    try (FaultyLink toMaster = FaultyLink.between("127.0.0.2", master, "127.0.0.1", master);
        FaultyLink toRegion = FaultyLink.between("127.0.0.2", region, "127.0.0.1", region);
        EmbeddedHBase hbase =
            EmbeddedHBase.start(
                HBaseOptions.temporary()
                    .withPorts(master, region)
                    .withAdvertisedHost("127.0.0.2"));
        Migration m =
            new Migration(
                SharedServers.mysql(),
                "127.0.0.2:" + master + ",127.0.0.2:" + region,
                "wide",
                3000)) {
      m.command("backfill");
      m.awaitDone("backfill");
      m.command("verify");
      m.awaitDone("verify");
      m.reads("100");
      Workload clients = m.startClients(8, 300);
      Awaitility.await().until(() -> clients.tally().operations() > 300);
      toMaster.blackhole();
      toRegion.blackhole();
      undisturbed(clients, 1500);
      toMaster.heal();
      toRegion.heal();
      undisturbed(clients, 300);
      clients.close();
      m.awaitClean();
      assertThat(clients.tally().firstErrors()).isEmpty();
      assertThat(m.compare().examples()).isEmpty();
    }
  }

  private static void undisturbed(Workload clients, int operations) {
    long before = clients.tally().operations();
    Awaitility.await("the application goes on")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              assertThat(clients.longestWait()).isLessThan(NO_STALL);
              return clients.tally().operations() > before + operations;
            });
    assertThat(clients.tally().firstErrors()).isEmpty();
  }
}

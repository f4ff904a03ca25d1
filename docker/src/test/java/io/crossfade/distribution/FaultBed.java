package io.crossfade.distribution;

import io.crossfade.sandbox.EmbeddedHBase;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.FaultyLink;
import io.crossfade.sandbox.HBaseOptions;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.sandbox.SteppedClock;
import io.crossfade.sandbox.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.awaitility.Awaitility;

/** A migration whose reads are switched, on servers of its own that faults may strike. */
final class FaultBed implements AutoCloseable {
  static final int ROWS = 2_000;
  private static final String HBASE_HOST = "127.0.0.2";

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Path directory = Files.createTempDirectory("crossfade-faults");

  /** MySQL's, where it can be stepped. */
  final Optional<SteppedClock> clock =
      SteppedClock.available() ? Optional.of(SteppedClock.in(directory)) : Optional.empty();

  final EmbeddedMySql mysql;
  final EmbeddedHBase hbase;
  final FaultyLink toMaster;
  final FaultyLink toRegions;
  final Migration migration;

  FaultBed() throws Exception {
    try {
      int master = Loopback.freePort();
      int regions = Loopback.freePort();
      toMaster = keep(FaultyLink.between(HBASE_HOST, master, Loopback.HOST, master));
      toRegions = keep(FaultyLink.between(HBASE_HOST, regions, Loopback.HOST, regions));
      MySqlOptions options = MySqlOptions.temporary();
      mysql = keep(EmbeddedMySql.start(clock.map(options::withClock).orElse(options)));
      hbase =
          keep(
              EmbeddedHBase.start(
                  HBaseOptions.temporary()
                      .withPorts(master, regions)
                      .withAdvertisedHost(HBASE_HOST)));
      migration = keep(new Migration(mysql, addresses(), "wide", ROWS));
      try (Workload clients = startClients()) {
        migration.switchReads();
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.add(0, part);
    return part;
  }

  private String addresses() {
    return HBASE_HOST + ":" + toMaster.port() + "," + HBASE_HOST + ":" + toRegions.port();
  }

  Workload startClients() {
    return migration.startClients(8, 300);
  }

  /** Lets the application work on for so many operations. */
  static void awaitOperations(Workload clients, int more) {
    long before = clients.tally().operations();
    Awaitility.await("the application goes on")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> clients.tally().operations() > before + more);
  }

  /** How long a fault lasts; nothing is waited for but time itself. */
  static void last(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  /** What an administrator does to HBase. */
  @FunctionalInterface
  interface Administration {
    void run(Admin admin) throws IOException;
  }

  void administer(Administration work) throws IOException {
    Configuration configuration = HBaseConfiguration.create();
    configuration.set(
        "hbase.client.registry.impl", "org.apache.hadoop.hbase.client.RpcConnectionRegistry");
    configuration.set("hbase.client.bootstrap.servers", addresses());
    try (Connection connection = ConnectionFactory.createConnection(configuration);
        Admin admin = connection.getAdmin()) {
      work.run(admin);
    }
  }

  void restartProxy() throws Exception {
    migration.proxy().restart();
    migration.proxy().awaitReady(Duration.ofMinutes(1));
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }
}

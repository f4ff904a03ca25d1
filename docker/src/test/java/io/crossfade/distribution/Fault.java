package io.crossfade.distribution;

import io.crossfade.sandbox.SteppedClock;
import io.crossfade.sandbox.workload.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.util.Bytes;
import org.awaitility.Awaitility;

/** What may happen to a migration's processes, and what its application may see of it. */
enum Fault {
  HBASE_KILLED("HBase: kill -9, up again", Sight.NOTHING, Fault::killHBase),
  HBASE_PAUSED("HBase: SIGSTOP, 8 s", Sight.NOTHING, Fault::pauseHBase),
  HBASE_BLACK_HOLE("HBase: the network swallows everything, 12 s", Sight.NOTHING, Fault::blackhole),
  HBASE_REFUSES("HBase: connections refused", Sight.NOTHING, Fault::refuse),
  HBASE_SLOW("HBase: 150 ms more each way", Sight.NOTHING, Fault::slow),
  HBASE_TABLE_DISABLED("HBase: table disabled, enabled", Sight.NOTHING, Fault::disable),
  HBASE_REGIONS_MOVE("HBase: regions split, closed, opened", Sight.NOTHING, Fault::moveRegions),
  MYSQL_KILLED("MySQL: kill -9, up again", Sight.LOST_CONNECTIONS, Fault::killMySql),
  CLOCK_STEPS("MySQL's clock: 15 s forwards, and back", Sight.NOTHING, Fault::stepClock),
  MYSQL_PAUSED("MySQL: SIGSTOP, 6 s", Sight.WAITING, Fault::pauseMySql),
  PROXY_KILLED("proxy: kill -9, up again", Sight.LOST_CONNECTIONS, Fault::killProxy),
  PROXY_PAUSED("proxy: SIGSTOP, 12 s: longer than a write lives", Sight.WAITING, Fault::pauseProxy),
  DISK_FULL("proxy: no byte more on its disk", Sight.WAITING, Fault::fillDisk),
  CONNECTION_STORM("600 connections at once, reset in mid-login", Sight.WAITING, Fault::storm),
  EVERYTHING_KILLED("MySQL, HBase and proxy: kill -9", Sight.LOST_CONNECTIONS, Fault::killAll);

  /** The most that the application may see. */
  enum Sight {
    /** No error, and nothing takes noticeably longer. */
    NOTHING("nothing"),
    /** No error. */
    WAITING("waits, no error"),
    /** Errors of connections that ended, as they would be without a proxy. */
    LOST_CONNECTIONS("lost connections");

    final String words;

    Sight(String words) {
      this.words = words;
    }
  }

  /** What is done while clients are at work; the fault is over when it returns. */
  @FunctionalInterface
  interface Strike {
    void at(FaultBed bed, Workload clients) throws Exception;
  }

  final String title;
  final Sight sight;
  final Strike strike;

  Fault(String title, Sight sight, Strike strike) {
    this.title = title;
    this.sight = sight;
    this.strike = strike;
  }

  private static void killHBase(FaultBed bed, Workload clients) {
    bed.hbase.kill9();
    FaultBed.awaitOperations(clients, 900);
    bed.hbase.restart();
  }

  private static void pauseHBase(FaultBed bed, Workload clients) throws Exception {
    bed.hbase.pause();
    FaultBed.last(Duration.ofSeconds(8));
    bed.hbase.resume();
  }

  private static void blackhole(FaultBed bed, Workload clients) throws Exception {
    bed.toMaster.blackhole();
    bed.toRegions.blackhole();
    FaultBed.last(Duration.ofSeconds(12));
    heal(bed);
  }

  private static void refuse(FaultBed bed, Workload clients) {
    bed.toMaster.refuse();
    bed.toRegions.refuse();
    FaultBed.awaitOperations(clients, 900);
    heal(bed);
  }

  private static void slow(FaultBed bed, Workload clients) {
    bed.toRegions.delay(Duration.ofMillis(150));
    FaultBed.awaitOperations(clients, 900);
    heal(bed);
  }

  private static void heal(FaultBed bed) {
    bed.toMaster.heal();
    bed.toRegions.heal();
  }

  private static void disable(FaultBed bed, Workload clients) throws Exception {
    TableName table = TableName.valueOf(bed.migration.config().hbaseTable());
    bed.administer(admin -> admin.disableTable(table));
    FaultBed.awaitOperations(clients, 600);
    bed.administer(admin -> admin.enableTable(table));
  }

  private static void moveRegions(FaultBed bed, Workload clients) throws Exception {
    TableName table = TableName.valueOf(bed.migration.config().hbaseTable());
    bed.administer(
        admin -> {
          admin.flush(table);
          for (RegionInfo region : admin.getRegions(table)) {
            admin.unassign(region.getRegionName(), false);
            admin.assign(region.getRegionName());
          }
          RegionInfo last = admin.getRegions(table).get(admin.getRegions(table).size() - 1);
          byte[] middle = Bytes.split(last.getStartKey(), new byte[] {-1, -1, -1, -1}, 1)[1];
          admin.split(table, middle);
        });
    FaultBed.awaitOperations(clients, 600);
  }

  private static void killMySql(FaultBed bed, Workload clients) {
    bed.mysql.kill9();
    bed.mysql.restart();
  }

  private static void pauseMySql(FaultBed bed, Workload clients) throws Exception {
    bed.mysql.pause();
    FaultBed.last(Duration.ofSeconds(6));
    bed.mysql.resume();
  }

  /** Back means behind the versions already written: the mirror waits until that is caught up. */
  private static void stepClock(FaultBed bed, Workload clients) throws Exception {
    SteppedClock clock = bed.clock.orElseThrow();
    clock.step(Duration.ofSeconds(15));
    FaultBed.last(SteppedClock.NOTICED);
    FaultBed.awaitOperations(clients, 600);
    clock.step(Duration.ZERO);
    Awaitility.await("the mirror waits for the clock")
        .atMost(Duration.ofSeconds(10))
        .until(() -> bed.migration.mirror().path("paused").asText().contains("clock"));
    FaultBed.awaitOperations(clients, 600);
  }

  private static void killProxy(FaultBed bed, Workload clients) throws Exception {
    bed.migration.proxy().kill9();
    bed.restartProxy();
  }

  private static void pauseProxy(FaultBed bed, Workload clients) throws Exception {
    bed.migration.proxy().pause();
    FaultBed.last(Duration.ofSeconds(12));
    bed.migration.proxy().resume();
  }

  /** RLIMIT_FSIZE of one byte: whatever the process would write to a file fails. */
  private static void fillDisk(FaultBed bed, Workload clients) throws Exception {
    limitFiles(bed, "1");
    Awaitility.await("the dirty store cannot write")
        .atMost(Duration.ofSeconds(30))
        .until(() -> bed.migration.mirror().path("incidents").toString().contains(" debt: "));
    FaultBed.awaitOperations(clients, 300);
    limitFiles(bed, "unlimited");
  }

  private static void limitFiles(FaultBed bed, String bytes) throws Exception {
    Process prlimit =
        new ProcessBuilder(
                "prlimit",
                "--pid",
                String.valueOf(bed.migration.proxy().process().pid()),
                "--fsize=" + bytes + ":unlimited")
            .inheritIO()
            .start();
    if (prlimit.waitFor() != 0) {
      throw new IOException("prlimit failed");
    }
  }

  private static void storm(FaultBed bed, Workload clients) throws Exception {
    List<Socket> storm = new ArrayList<>();
    try {
      for (int i = 0; i < 600; i++) {
        storm.add(
            new Socket(InetAddress.getLoopbackAddress(), bed.migration.config().listenPort()));
      }
      for (Socket socket : storm) {
        InputStream greeting = socket.getInputStream();
        socket.setSoTimeout(20_000);
        greeting.read();
      }
    } finally {
      for (Socket socket : storm) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    }
  }

  private static void killAll(FaultBed bed, Workload clients) throws Exception {
    bed.hbase.kill9();
    bed.mysql.kill9();
    bed.migration.proxy().kill9();
    bed.mysql.restart();
    bed.hbase.restart();
    bed.restartProxy();
  }
}

package io.crossfade.hbasenode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.LocalHBaseCluster;
import org.apache.hadoop.hbase.master.HMaster;
import org.apache.hadoop.hbase.regionserver.HRegionServer;
import org.apache.hadoop.hbase.util.JVMClusterUtil.MasterThread;
import org.apache.hadoop.hbase.zookeeper.MiniZooKeeperCluster;

/**
 * ZooKeeper, one master and one region server in one JVM, over a local directory, reachable on
 * loopback only. Prints {@code READY zookeeper=PORT master=PORT regionserver=PORT} on stdout once
 * tables can be used; a normal shutdown begins at the end of stdin, so the node ends with its
 * parent. Exit status: 0 after a shutdown, 1 when it could not start or died (cause on stderr), 2
 * for a wrong command line.
 */
public final class HBaseNode {
  static final String LOOPBACK = "127.0.0.1";
  private static final Duration START_LIMIT = Duration.ofSeconds(180);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(20);

  private HBaseNode() {}

  /**
   * Runs the node until stdin ends; never returns normally.
   *
   * @param args see {@link NodeArguments}
   */
  public static void main(String[] args) {
    NodeArguments arguments;
    try {
      arguments = NodeArguments.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    try {
      run(arguments);
      System.exit(0);
    } catch (Throwable t) { // whatever it is: no half-started node may stay behind
      t.printStackTrace();
      System.err.println("FAILED " + causes(t));
      System.err.flush();
      Runtime.getRuntime().halt(1); // a taken port leaves ZooKeeper threads that block an exit
    }
  }

  private static String causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(Throwable::toString)
        .collect(Collectors.joining(" <- "));
  }

  private static void run(NodeArguments arguments) throws Exception {
    Files.createDirectories(arguments.data());
    // After a kill -9 a stale znode would keep the master away for 40 s. Nothing in it is needed.
    deleteTree(arguments.data().resolve("zk"));

    MiniZooKeeperCluster zooKeeper = new MiniZooKeeperCluster(configuration(arguments, 0));
    int zooKeeperPort = zooKeeper.startup(arguments.data().resolve("zk").toFile());
    LocalHBaseCluster cluster =
        new LocalHBaseCluster(
            configuration(arguments, zooKeeperPort), 1, 1, HMaster.class, HRegionServer.class);
    cluster.startup();
    HMaster master = awaitInitialized(cluster);
    System.out.printf(
        "READY zookeeper=%d master=%d regionserver=%d%n",
        zooKeeperPort,
        master.getServerName().getPort(),
        cluster.getRegionServer(0).getServerName().getPort());
    System.out.flush();

    watchServers(cluster);
    awaitEndOfStdin();
    haltAfter(STOP_LIMIT);
    cluster.shutdown();
    cluster.join();
    zooKeeper.shutdown();
  }

  private static HMaster awaitInitialized(LocalHBaseCluster cluster) throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      failIfDead(cluster);
      HMaster master = cluster.getActiveMaster();
      if (master != null && master.isInitialized()) {
        return master;
      }
      Thread.sleep(POLL.toMillis());
    }
    throw new IllegalStateException("HBase did not start within " + START_LIMIT);
  }

  private static void failIfDead(LocalHBaseCluster cluster) {
    List<MasterThread> masters = cluster.getMasters();
    boolean dead =
        masters.stream().noneMatch(Thread::isAlive)
            || cluster.getRegionServers().stream().noneMatch(Thread::isAlive);
    if (dead) {
      throw new IllegalStateException("the master or the region server ended, see above");
    }
  }

  /** A node whose master or region server is gone must not look alive. */
  private static void watchServers(LocalHBaseCluster cluster) {
    for (Thread server :
        Stream.concat(cluster.getMasters().stream(), cluster.getRegionServers().stream())
            .map(Thread.class::cast)
            .toList()) {
      daemon(
          "watch-" + server.getName(),
          () -> {
            server.join();
            haltAfter(STOP_LIMIT);
          });
    }
  }

  private static void awaitEndOfStdin() throws IOException {
    byte[] ignored = new byte[256];
    while (System.in.read(ignored) >= 0) {
      // the parent has nothing to say
    }
  }

  private static void haltAfter(Duration limit) {
    daemon(
        "halt",
        () -> {
          Thread.sleep(limit.toMillis());
          Runtime.getRuntime().halt(1);
        });
  }

  private interface Interruptible {
    void run() throws InterruptedException;
  }

  private static void daemon(String name, Interruptible body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static Configuration configuration(NodeArguments arguments, int zooKeeperPort) {
    Path data = arguments.data();
    Configuration c = HBaseConfiguration.create();
    c.set("hbase.rootdir", data.resolve("hbase").toUri().toString());
    c.set("hbase.tmp.dir", data.resolve("tmp").toString());
    c.set("hadoop.tmp.dir", data.resolve("tmp").toString());
    c.setBoolean("hbase.unsafe.stream.capability.enforce", false);
    c.set("hbase.wal.provider", "filesystem");

    c.set("hbase.zookeeper.quorum", LOOPBACK);
    c.set("hbase.zookeeper.property.clientPortAddress", LOOPBACK);
    c.set("hbase.zookeeper.property.dataDir", data.resolve("zk").toString());
    if (zooKeeperPort != 0) {
      c.setInt("hbase.zookeeper.property.clientPort", zooKeeperPort);
    }
    c.set("hbase.master.hostname", arguments.advertisedHost());
    c.set("hbase.unsafe.regionserver.hostname", arguments.advertisedHost());
    c.set("hbase.master.ipc.address", LOOPBACK);
    c.set("hbase.regionserver.ipc.address", LOOPBACK);
    c.setInt("hbase.master.port", arguments.masterPort());
    c.setInt("hbase.regionserver.port", arguments.regionServerPort());
    c.setBoolean("hbase.localcluster.assign.random.ports", false);
    c.setInt("hbase.master.info.port", -1);
    c.setInt("hbase.regionserver.info.port", -1);
    c.setInt("hbase.regionserver.handler.count", 16);

    // One region server that is already there: nothing to wait for (start 20 s -> 6 s).
    c.setInt("hbase.master.wait.on.regionservers.mintostart", 1);
    c.setInt("hbase.master.wait.on.regionservers.maxtostart", 1);
    c.setInt("hbase.master.wait.on.regionservers.interval", 100);
    c.setInt("hbase.master.wait.on.regionservers.timeout", 1000);
    c.setInt("hbase.regionserver.msginterval", 200);
    c.setLong("hbase.master.start.timeout.localHBaseCluster", START_LIMIT.toMillis());

    arguments.settings().forEach(c::set);
    return c;
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}

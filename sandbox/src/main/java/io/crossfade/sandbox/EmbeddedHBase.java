package io.crossfade.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real HBase (ZooKeeper, master, one region server) in a child JVM with a class path of its own,
 * on loopback. It ends with this JVM, however that ends. Ports and data survive {@link #kill9} and
 * {@link #restart}. Start takes about 6 s. Thread-safe.
 *
 * <p>The class path is {@code classes} (or the module's jar) and {@code lib/*} under {@code
 * sandbox/hbase-node/target}, or under the directory named by the system property {@code
 * crossfade.hbase-node}.
 */
public final class EmbeddedHBase extends EmbeddedServer implements HBaseServer {
  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedHBase.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(180);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
  private static final Pattern READY =
      Pattern.compile("READY zookeeper=\\d+ master=(\\d+) regionserver=(\\d+)");

  private final HBaseOptions options;
  private volatile int masterPort;
  private volatile int regionServerPort;

  private EmbeddedHBase(HBaseOptions options, DataDirectory data) {
    super(data, STOP_LIMIT);
    this.options = options;
    this.masterPort = options.masterPort();
    this.regionServerPort = options.regionServerPort();
  }

  /**
   * Starts HBase and waits until tables can be used.
   *
   * @param options see there
   * @return the running server
   * @throws SandboxException when it does not start, with the end of its log
   */
  public static EmbeddedHBase start(HBaseOptions options) {
    EmbeddedHBase server =
        new EmbeddedHBase(options, DataDirectory.open(options.dataDirectory(), "crossfade-hbase"));
    server.begin();
    return server;
  }

  @Override
  ChildProcess launch() {
    long start = System.nanoTime();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + options.heapMiB() + "m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    command.add("-cp");
    command.add(BuildFolder.nodeClassPath("hbase-node"));
    command.add("io.crossfade.hbasenode.HBaseNode");
    command.add("data=" + directory().path());
    command.add("master=" + masterPort);
    command.add("regionserver=" + regionServerPort);
    command.add("advertise=" + options.advertisedHost());
    options.settings().forEach((key, value) -> command.add(key + "=" + value));

    ChildProcess child =
        ChildProcess.start(
            "HBase",
            new ProcessBuilder(command),
            "READY",
            directory().path().resolve("hbase-node.log"));
    String line = child.awaitAnnouncement(START_LIMIT);
    Matcher ready = READY.matcher(line);
    if (!ready.matches()) {
      child.kill9();
      throw new SandboxException("HBase announced itself by an unknown line: " + line);
    }
    masterPort = Integer.parseInt(ready.group(1));
    regionServerPort = Integer.parseInt(ready.group(2));
    LOGGER
        .atInfo()
        .addKeyValue("master", masterPort)
        .addKeyValue("regionserver", regionServerPort)
        .addKeyValue("pid", child.serverPid())
        .addKeyValue("millis", (System.nanoTime() - start) / 1_000_000)
        .log("HBase is up");
    return child;
  }

  @Override
  public String bootstrapServers() {
    String host = options.advertisedHost();
    return host + ":" + masterPort + "," + host + ":" + regionServerPort;
  }

  /**
   * @return the master's port
   */
  public int masterPort() {
    return masterPort;
  }

  /**
   * @return the region server's port
   */
  public int regionServerPort() {
    return regionServerPort;
  }
}

package io.crossfade.kafkanode;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * One broker that is its own controller (KRaft), over a local directory, reachable on loopback
 * only. Prints {@code READY port=PORT} on stdout once it serves clients; a normal shutdown begins
 * at the end of stdin, so the node ends with its parent. Exit status: 0 after a shutdown, 1 when it
 * could not start (cause on stderr), 2 for a wrong command line.
 */
public final class KafkaNode {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String CLUSTER = "MkU3OEVBNTcwNTJENDM2Qk";
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private KafkaNode() {}

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
      System.err.println("FAILED " + t);
      System.err.flush();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(NodeArguments arguments) throws IOException {
    Properties properties = properties(arguments);
    format(arguments.data(), properties);
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    server.startup();
    System.out.println("READY port=" + arguments.port());
    System.out.flush();

    awaitEndOfStdin();
    haltAfter(STOP_LIMIT);
    server.shutdown();
    server.awaitShutdown();
  }

  /** Writes the cluster's id into a new directory; one that has it is left alone. */
  private static void format(Path data, Properties properties) throws IOException {
    Files.createDirectories(data);
    Path file = data.resolve("server.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    String[] command = {"format", "-t", CLUSTER, "-c", file.toString(), "--ignore-formatted"};
    int status = StorageTool.execute(command, new PrintStream(System.err, true));
    if (status != 0) {
      throw new IOException("the storage in " + data + " cannot be formatted: " + status);
    }
  }

  private static Properties properties(NodeArguments arguments) {
    String client = LOOPBACK + ":" + arguments.port();
    String controller = LOOPBACK + ":" + arguments.controllerPort();
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", "1");
    p.put("controller.quorum.voters", "1@" + controller);
    p.put("listeners", "PLAINTEXT://" + client + ",CONTROLLER://" + controller);
    p.put("advertised.listeners", "PLAINTEXT://" + client);
    p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", "PLAINTEXT");
    p.put("log.dirs", arguments.data().resolve("log").toString());
    p.put("auto.create.topics.enable", "false");
    // One broker: what is replicated elsewhere has one copy here.
    p.put("offsets.topic.replication.factor", "1");
    p.put("offsets.topic.num.partitions", "1");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("transaction.state.log.num.partitions", "1");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "1");
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("log.cleaner.backoff.ms", "500");
    p.put("log.cleaner.dedupe.buffer.size", "2097152");
    p.put("num.network.threads", "2");
    p.put("num.io.threads", "2");
    p.putAll(arguments.settings());
    return p;
  }

  private static void awaitEndOfStdin() throws IOException {
    byte[] ignored = new byte[256];
    while (System.in.read(ignored) >= 0) {
      // the parent has nothing to say
    }
  }

  private static void haltAfter(Duration limit) {
    Thread halt =
        new Thread(
            () -> {
              try {
                Thread.sleep(limit.toMillis());
                Runtime.getRuntime().halt(1);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "halt");
    halt.setDaemon(true);
    halt.start();
  }
}

package io.crossfade.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka (one broker that is its own controller) in a child JVM with a class path of its own,
 * on loopback. It ends with this JVM, however that ends. Port and data survive {@link #kill9} and
 * {@link #restart}. Start takes about 4 s. Thread-safe.
 *
 * <p>The class path is that of {@code sandbox/kafka-node}, or of the directory named by the system
 * property {@code crossfade.kafka-node}.
 */
public final class EmbeddedKafka extends EmbeddedServer implements KafkaServer {
  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

  private final KafkaOptions options;
  private final int port;
  private final int controllerPort;

  private EmbeddedKafka(KafkaOptions options, DataDirectory data) {
    super(data, STOP_LIMIT);
    this.options = options;
    this.port = options.port() == 0 ? Loopback.freePort() : options.port();
    this.controllerPort = Loopback.freePort();
  }

  /**
   * Starts Kafka and waits until it serves clients.
   *
   * @param options see there
   * @return the running server
   * @throws SandboxException when it does not start, with the end of its log
   */
  public static EmbeddedKafka start(KafkaOptions options) {
    EmbeddedKafka server =
        new EmbeddedKafka(options, DataDirectory.open(options.dataDirectory(), "crossfade-kafka"));
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
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-cp");
    command.add(BuildFolder.nodeClassPath("kafka-node"));
    command.add("io.crossfade.kafkanode.KafkaNode");
    command.add("data=" + directory().path());
    command.add("port=" + port);
    command.add("controller=" + controllerPort);
    options.settings().forEach((key, value) -> command.add(key + "=" + value));

    ChildProcess child =
        ChildProcess.start(
            "Kafka",
            new ProcessBuilder(command),
            "READY",
            directory().path().resolve("kafka-node.log"));
    child.awaitAnnouncement(START_LIMIT);
    LOGGER
        .atInfo()
        .addKeyValue("port", port)
        .addKeyValue("pid", child.serverPid())
        .addKeyValue("millis", (System.nanoTime() - start) / 1_000_000)
        .log("Kafka is up");
    return child;
  }

  @Override
  public String bootstrapServers() {
    return Loopback.HOST + ":" + port;
  }
}

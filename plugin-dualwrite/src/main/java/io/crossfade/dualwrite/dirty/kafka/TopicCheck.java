package io.crossfade.dualwrite.dirty.kafka;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topic, or makes sure that an existing one keeps what is written to it. */
final class TopicCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(TopicCheck.class);
  private static final String CLEANUP = "cleanup.policy";
  private static final String IN_SYNC = "min.insync.replicas";
  private static final String UNCLEAN = "unclean.leader.election.enable";

  private static final int CREATION_LOOKS = 100;
  private static final Duration CREATION_PAUSE = Duration.ofMillis(100);

  private final KafkaSettings settings;
  private final Consumer<String> abnormal;

  TopicCheck(KafkaSettings settings, Consumer<String> abnormal) {
    this.settings = settings;
    this.abnormal = abnormal;
  }

  /**
   * @return the number of its partitions
   * @throws IOException when it cannot be used, naming the setting that is wrong
   */
  int partitions(Admin admin) throws IOException {
    TopicDescription found = describe(admin);
    if (found == null) {
      create(admin);
      found = created(admin);
    }
    check(found, config(admin));
    return found.partitions().size();
  }

  /** A broker may learn of a new topic a moment later than the controller. */
  private TopicDescription created(Admin admin) throws IOException {
    for (int i = 0; i < CREATION_LOOKS; i++) {
      TopicDescription found = describe(admin);
      if (found != null) {
        return found;
      }
      try {
        Thread.sleep(CREATION_PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while a topic was created");
      }
    }
    throw new IOException("topic " + settings.topic() + " is not there after its creation");
  }

  private @Nullable TopicDescription describe(Admin admin) throws IOException {
    try {
      return get(
          admin.describeTopics(List.of(settings.topic())).topicNameValues().get(settings.topic()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return null;
      }
      throw failure(e);
    }
  }

  private void create(Admin admin) throws IOException {
    NewTopic topic =
        new NewTopic(settings.topic(), settings.partitions(), (short) settings.replicationFactor())
            .configs(
                Map.of(CLEANUP, "compact", IN_SYNC, Integer.toString(inSync()), UNCLEAN, "false"));
    try {
      get(admin.createTopics(List.of(topic)).all());
      LOGGER
          .atInfo()
          .addKeyValue("topic", settings.topic())
          .addKeyValue("partitions", settings.partitions())
          .addKeyValue("replicationFactor", settings.replicationFactor())
          .log("The dirty store's topic was created");
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failure(e);
      }
    }
  }

  /** A confirmed record must be on two brokers, where there are two. */
  private int inSync() {
    return Math.min(2, settings.replicationFactor());
  }

  void check(TopicDescription topic, Config config) throws IOException {
    String cleanup = value(config, CLEANUP);
    if (!cleanup.equals("compact")) {
      throw new IOException(
          wrong(CLEANUP, cleanup, "compact, since any other forgets marks that are still needed"));
    }
    int copies = topic.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
    if (copies < settings.replicationFactor()) {
      throw new IOException(
          wrong(
              "replication factor",
              Integer.toString(copies),
              settings.replicationFactor() + " or more, as dirty.kafka.replication-factor says"));
    }
    String inSync = value(config, IN_SYNC);
    if (Integer.parseInt(inSync) < inSync()) {
      throw new IOException(
          wrong(IN_SYNC, inSync, inSync() + " or more, so that no confirmed mark has one copy"));
    }
    if (!value(config, UNCLEAN).equals("false")) {
      abnormal.accept("kafka-unclean-election");
      LOGGER
          .atWarn()
          .addKeyValue("topic", settings.topic())
          .log(UNCLEAN + " is on: an election may lose confirmed marks");
    }
  }

  private String wrong(String setting, String value, String instead) {
    return "topic "
        + settings.topic()
        + " has "
        + setting
        + " "
        + value
        + "; it must be "
        + instead;
  }

  private Config config(Admin admin) throws IOException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
    try {
      return get(admin.describeConfigs(List.of(topic)).values().get(topic));
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private String value(Config config, String name) throws IOException {
    if (config.get(name) == null) {
      throw new IOException("topic " + settings.topic() + " does not tell its " + name);
    }
    return config.get(name).value();
  }

  private static <T> T get(@Nullable KafkaFuture<T> future) throws IOException, ExecutionException {
    if (future == null) {
      throw new IOException("Kafka did not answer what it was asked");
    }
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while Kafka was asked");
    }
  }

  private IOException failure(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IOException(
        "topic " + settings.topic() + " cannot be used: " + cause.getMessage(), cause);
  }
}

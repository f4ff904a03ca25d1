package io.crossfade.dualwrite.dirty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.kafka.KafkaOpener;
import io.crossfade.dualwrite.dirty.kafka.KafkaSettings;
import io.crossfade.sandbox.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a real Kafka: its contract, and what only Kafka can show. */
class KafkaDirtyStoreIT extends DirtyStoreTest {
  private static final TableName T = new TableName("social", "follower");

  @TempDir Path directory;
  private final String topic = SharedServers.uniqueSchema("dirty");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Override
  Disk newDisk() throws IOException {
    return new KafkaOpener(settings("contract", 1)).open(directory, path -> {});
  }

  /** The crashed one is simply not told: its records are in the topic. */
  @Override
  Disk afterCrash(Disk crashed) throws IOException {
    return newDisk();
  }

  @Override
  Duration stallLimit() {
    return Duration.ofMillis(500);
  }

  private KafkaSettings settings(String proxy, int replicationFactor) {
    return new KafkaSettings(
        SharedServers.kafka().bootstrapServers(), topic, 3, replicationFactor, proxy, Map.of());
  }

  private JournaledDirtyStore open(String proxy) {
    return open(settings(proxy, 1), directory.resolve("store-" + proxy));
  }

  private JournaledDirtyStore open(KafkaSettings settings, Path at) {
    return JournaledDirtyStore.open(
        new DirtyStoreConfig(at), new KafkaOpener(settings), List.of(T), meters, Incidents.NONE);
  }

  private static Key key(int i) {
    return new Key(ByteBuffer.allocate(8).putInt(i % 100).putInt(i).array());
  }

  private static void mark(DirtyStore s, int from, int to) throws Exception {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(s.mark(T, List.of(key(i)), List.of(), "test").toCompletableFuture());
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
  }

  private static void clean(DirtyStore s) {
    List<Picked> picked;
    while (!(picked = s.pick(T, 1000)).isEmpty()) {
      picked.forEach(s::done);
    }
  }

  private static Admin admin() {
    return Admin.create(
        Map.of("bootstrap.servers", (Object) SharedServers.kafka().bootstrapServers()));
  }

  private void create(Map<String, String> configs) throws Exception {
    String name = topic;
    try (Admin admin = admin()) {
      // the contract's disk has made one
      admin.deleteTopics(List.of(name)).all().get();
      await()
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  admin
                      .createTopics(List.of(new NewTopic(name, 3, (short) 1).configs(configs)))
                      .all()
                      .get());
    }
  }

  @Test
  void twoProxiesShareATopicAndEachHasItsOwnRecords() throws Exception {
    try (JournaledDirtyStore a = open("a");
        JournaledDirtyStore b = open("b")) {
      mark(a, 0, 20);
      mark(b, 10, 30);
      clean(a);
    }
    try (JournaledDirtyStore a = open("a");
        JournaledDirtyStore b = open("b")) {
      assertThat(a.stats(T).keys()).isZero();
      assertThat(b.stats(T).keys()).isEqualTo(20);
      assertThat(b.isDirty(T, key(10))).isTrue();
    }
  }

  @Test
  void recordsAreEndedThoughSeveralWritersLeftCopiesOfThem() throws Exception {
    for (int run = 0; run < 3; run++) {
      try (JournaledDirtyStore s = open("a")) {
        assertThat(s.stats(T).keys()).isEqualTo(run == 0 ? 0 : 50);
        mark(s, 0, 50);
        s.put("cursor", new byte[] {(byte) run});
        clean(s);
        mark(s, 0, 50);
      }
    }
    try (JournaledDirtyStore s = open("a")) {
      assertThat(s.stats(T).keys()).isEqualTo(50);
      assertThat(s.get("cursor")).hasValue(new byte[] {2});
      clean(s);
      s.remove("cursor");
    }
    try (JournaledDirtyStore s = open("a")) {
      assertThat(s.stats(T).keys()).isZero();
      assertThat(s.get("cursor")).isEmpty();
    }
  }

  @Test
  void compactionForgetsOnlyWhatIsClean() throws Exception {
    create(
        Map.of(
            "cleanup.policy",
            "compact",
            "segment.bytes",
            "1048576",
            "segment.ms",
            "200",
            "min.cleanable.dirty.ratio",
            "0.001",
            "delete.retention.ms",
            "0"));
    try (JournaledDirtyStore s = open("a")) {
      mark(s, 0, 30);
      try (Admin admin = admin()) {
        await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(
                () -> {
                  // each round writes and deletes: segments roll and are compacted
                  mark(s, 1000, 4000);
                  picked(s, 1000);
                  assertThat(recordsInTopic()).isLessThan(offsets(admin) / 2);
                });
      }
    }
    try (JournaledDirtyStore s = open("a")) {
      for (int i = 0; i < 30; i++) {
        assertThat(s.isDirty(T, key(i))).isTrue();
      }
      assertThat(s.stats(T).keys()).isEqualTo(30);
    }
  }

  /** Cleans what begins at a key. */
  private static void picked(DirtyStore s, int from) {
    List<Picked> kept = new ArrayList<>();
    List<Picked> picked;
    while (!(picked = s.pick(T, 1000)).isEmpty()) {
      for (Picked p : picked) {
        if (ByteBuffer.wrap(p.key().bytes()).getInt(4) >= from) {
          s.done(p);
        } else {
          kept.add(p);
        }
      }
    }
    kept.forEach(s::failed);
  }

  private long offsets(Admin admin) throws Exception {
    long all = 0;
    for (int p = 0; p < 3; p++) {
      TopicPartition partition = new TopicPartition(topic, p);
      all +=
          admin
              .listOffsets(Map.of(partition, OffsetSpec.latest()))
              .partitionResult(partition)
              .get()
              .offset();
    }
    return all;
  }

  private long recordsInTopic() {
    return Topics.read(SharedServers.kafka(), topic).size();
  }

  @Test
  void refusesATopicThatForgets() throws Exception {
    create(Map.of("cleanup.policy", "delete"));
    assertThatThrownBy(() -> open("a"))
        .isInstanceOf(DirtyStoreException.class)
        .hasMessageContaining(topic)
        .hasMessageContaining("cleanup.policy delete; it must be compact");
  }

  @Test
  void refusesATopicWithTooFewCopies() {
    assertThatThrownBy(() -> open(settings("a", 2), directory.resolve("store-a")))
        .isInstanceOf(DirtyStoreException.class)
        .hasMessageContaining("replication factor 1; it must be 2 or more");
  }

  @Test
  void warnsOfATopicWhoseElectionsMayLoseMarks() throws Exception {
    create(Map.of("cleanup.policy", "compact", "unclean.leader.election.enable", "true"));
    open("a").close();
    assertThat(meters.counter("crossfade.dirty.abnormal", "path", "kafka-unclean-election").count())
        .isEqualTo(1);
  }

  @Test
  void refusesATopicThatHasLostTheProxysRecords() throws Exception {
    open("a").close();
    create(Map.of("cleanup.policy", "compact"));
    assertThatThrownBy(() -> open("a"))
        .isInstanceOf(DirtyStoreException.class)
        .hasMessageContaining("holds nothing of this proxy ('a')");
  }

  @Test
  void refusesATopicWithRecordsThatItDoesNotKnow() throws Exception {
    Topics.send(SharedServers.kafka(), topic, new byte[] {2, 0, 0}, new byte[] {1});
    assertThatThrownBy(() -> open("a"))
        .isInstanceOf(DirtyStoreException.class)
        .hasMessageContaining("at offset 0 a key of another format");
  }

  @Test
  void refusesADirectoryOfAnotherStoreOrProxy() throws Exception {
    Path at = directory.resolve("store-a");
    JournaledDirtyStore.open(new DirtyStoreConfig(at), List.of(T), meters, Incidents.NONE).close();
    assertThatThrownBy(() -> open("a")).hasMessageContaining("its records are in RocksDB");
    Path other = directory.resolve("store-b");
    open("b").close();
    assertThatThrownBy(
            () ->
                JournaledDirtyStore.open(
                    new DirtyStoreConfig(other), List.of(T), meters, Incidents.NONE))
        .hasMessageContaining("its records are in Kafka");
    assertThatThrownBy(() -> open(settings("c", 1), other))
        .hasMessageContaining("belongs to the proxy 'b'");
  }

  @Test
  void aProxyWithoutANameMakesOneUpAndKeepsIt() throws Exception {
    Path at = directory.resolve("store");
    try (JournaledDirtyStore s = open(settings("", 1), at)) {
      mark(s, 0, 3);
      assertThatThrownBy(() -> open(settings("", 1), at)).hasMessageContaining("in use");
    }
    assertThat(Files.readString(at.resolve("kafka-proxy"))).startsWith("proxy-");
    try (JournaledDirtyStore s = open(settings("", 1), at)) {
      assertThat(s.stats(T).keys()).isEqualTo(3);
    }
  }

  @Test
  void startsWithEverythingDirtyWhenTheDebtFlagIsSet() throws Exception {
    open("a").close();
    try (FileDebtFlag flag = new FileDebtFlag(directory.resolve("store-a").resolve("debt"))) {
      flag.set();
    }
    for (int i = 0; i < 2; i++) {
      try (JournaledDirtyStore s = open("a")) {
        assertThat(s.ranges(T)).containsExactly(KeyRange.ALL);
      }
    }
  }

  @Test
  void holdsAHundredThousandKeys() throws Exception {
    int many = 100_000;
    try (JournaledDirtyStore s = open("a")) {
      mark(s, 0, many);
    }
    try (JournaledDirtyStore s = open("a")) {
      assertThat(s.stats(T).keys()).isEqualTo(many);
      clean(s);
    }
    try (JournaledDirtyStore s = open("a")) {
      assertThat(s.stats(T).keys()).isZero();
    }
  }

  @Test
  void namesTheBrokersThatDoNotAnswer() {
    KafkaSettings wrong =
        new KafkaSettings(
            "127.0.0.1:1",
            topic,
            3,
            1,
            "a",
            Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"));
    assertThatThrownBy(() -> open(wrong, directory.resolve("store-a")))
        .isInstanceOf(DirtyStoreException.class)
        .hasMessageContaining("127.0.0.1:1");
  }
}

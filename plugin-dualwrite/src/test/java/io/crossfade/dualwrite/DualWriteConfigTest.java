package io.crossfade.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.DualWriteConfig.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DualWriteConfigTest {
  private static List<String> problems(Duration stall, Duration lifetime, Duration retention) {
    return problems(new DualWriteConfig.Dirty(null, stall, null, null, null), lifetime, retention);
  }

  private static List<String> problems(Store store, DualWriteConfig.@Nullable Kafka kafka) {
    return problems(
        new DualWriteConfig.Dirty(null, null, null, store, kafka),
        Duration.ofMinutes(2),
        Duration.ofHours(24));
  }

  private static List<String> problems(
      DualWriteConfig.Dirty dirty, Duration lifetime, Duration retention) {
    return problems(dirty, lifetime, retention, new DualWriteConfig.Witness(null, 0, 0));
  }

  private static List<String> problems(
      DualWriteConfig.Dirty dirty,
      Duration lifetime,
      Duration retention,
      DualWriteConfig.Witness witness) {
    return new DualWriteConfig(
            new DualWriteConfig.MySql("mirror", "", 0),
            new DualWriteConfig.HBase(
                "localhost:1", null, null, null, null, Duration.ofSeconds(10)),
            dirty,
            new DualWriteConfig.Reconcile(0, 0, 0, 0),
            0,
            0,
            lifetime,
            retention,
            new DualWriteConfig.Throttle(null, null, null),
            new DualWriteConfig.Capture(null),
            witness,
            Map.of())
        .problems().stream().map(ConfigProblem::toString).toList();
  }

  @Test
  void tellsOfATableThatIsNotWatchedAndFollowsDefinitionsByDefault() {
    TableName follower = new TableName("social", "follower");
    TableName other = new TableName("social", "folower");
    DualWriteConfig config =
        new DualWriteConfig(
            new DualWriteConfig.MySql("mirror", "", 0),
            new DualWriteConfig.HBase("localhost:1", null, null, null, null, null),
            new DualWriteConfig.Dirty(null, null, null, null, null),
            new DualWriteConfig.Reconcile(0, 0, 0, 0),
            0,
            0,
            Duration.ofMinutes(2),
            Duration.ofHours(24),
            new DualWriteConfig.Throttle(null, null, null),
            new DualWriteConfig.Capture(null),
            new DualWriteConfig.Witness(null, 0, 0),
            Map.of(other, new DualWriteConfig.Table(DdlPolicy.HOLD)));
    TableConfig watched =
        new TableConfig(follower, "f", TableConfig.Layout.TALL, List.of("user_id"), List.of(), 1);
    assertThat(config.strangers(List.of(watched)))
        .singleElement()
        .asString()
        .contains("tables.social.folower", "social.follower");
    assertThat(config.ddl(other)).isEqualTo(DdlPolicy.HOLD);
    assertThat(config.ddl(follower)).isEqualTo(DdlPolicy.MIRROR);
  }

  @Test
  void theDefaultsAreRight() {
    assertThat(problems(Duration.ofMillis(200), Duration.ofMinutes(2), Duration.ofHours(24)))
        .isEmpty();
  }

  @Test
  void softDeletionsMustOutliveTheOldestVersionThatIsSentAndItsWrite() {
    Duration lifetime = Duration.ofMinutes(2);
    assertThat(problems(Duration.ofMillis(200), lifetime, Duration.ofMinutes(4)))
        .singleElement()
        .asString()
        .contains("retention")
        .contains("4m10s");
    assertThat(problems(Duration.ofMillis(200), lifetime, Duration.ofSeconds(250))).isEmpty();
  }

  @Test
  void theStoreMustAnswerLongBeforeTheRelayForwardsByItself() {
    assertThat(problems(Duration.ofSeconds(6), Duration.ofMinutes(2), Duration.ofHours(24)))
        .singleElement()
        .asString()
        .contains("dirty.stall-limit");
  }

  @Test
  void theWitnessNamesWhatItCannotTake() {
    assertThat(
            problems(
                new DualWriteConfig.Dirty(null, null, null, null, null),
                Duration.ofMinutes(2),
                Duration.ofHours(24),
                new DualWriteConfig.Witness(true, 1L << 32, 999)))
        .hasSize(2)
        .anySatisfy(p -> assertThat(p).contains("witness.server-id").contains("4294967295"))
        .anySatisfy(p -> assertThat(p).contains("witness.announcements").contains("1000"));
  }

  private static List<String> throttleProblems(DualWriteConfig.Throttle throttle) {
    return new DualWriteConfig(
            new DualWriteConfig.MySql("mirror", "", 0),
            new DualWriteConfig.HBase("localhost:1", null, null, null, null, null),
            new DualWriteConfig.Dirty(null, null, null, null, null),
            new DualWriteConfig.Reconcile(0, 0, 0, 0),
            0,
            0,
            Duration.ofMinutes(2),
            Duration.ofHours(24),
            throttle,
            new DualWriteConfig.Capture(null),
            new DualWriteConfig.Witness(null, 0, 0),
            Map.of())
        .problems().stream().map(ConfigProblem::toString).toList();
  }

  @Test
  void replicaLagNeedsReplicasWrittenAsHostAndPort() {
    Duration lag = Duration.ofSeconds(5);
    assertThat(throttleProblems(new DualWriteConfig.Throttle(0, null, lag)))
        .singleElement()
        .asString()
        .contains("throttle.replicas");
    assertThat(throttleProblems(new DualWriteConfig.Throttle(0, List.of("replica"), lag)))
        .singleElement()
        .asString()
        .contains("'replica' is not of the form host:port");
    assertThat(
            throttleProblems(
                new DualWriteConfig.Throttle(40, List.of("replica:3306", "[::1]:3306"), lag)))
        .isEmpty();
    assertThat(throttleProblems(new DualWriteConfig.Throttle(-1, null, null)))
        .singleElement()
        .asString()
        .contains("throttle.mysql-threads-running");
  }

  @Test
  void kafkaNeedsNothingButBrokers() {
    DualWriteConfig.Kafka kafka =
        new DualWriteConfig.Kafka("one:9092,two:9092", null, 0, 0, null, null);
    assertThat(problems(Store.KAFKA, kafka)).isEmpty();
    assertThat(kafka.topic()).isEqualTo("crossfade-dirty");
    assertThat(kafka.partitions()).isEqualTo(8);
    assertThat(kafka.replicationFactor()).isEqualTo(3);
    assertThat(kafka.proxy()).isEmpty();
    assertThat(problems(Store.KAFKA, null))
        .singleElement()
        .asString()
        .contains("dirty.kafka.bootstrap-servers", "host:port");
  }

  @Test
  void kafkasSettingsAreCheckedByName() {
    assertThat(
            problems(
                Store.KAFKA,
                new DualWriteConfig.Kafka(
                    "one", "a topic", -1, 101, "a/b", Map.of("acks", "1", "client.id", "x"))))
        .hasSize(6)
        .anyMatch(p -> p.contains("dirty.kafka.bootstrap-servers"))
        .anyMatch(p -> p.contains("dirty.kafka.topic"))
        .anyMatch(p -> p.contains("dirty.kafka.partitions"))
        .anyMatch(p -> p.contains("dirty.kafka.replication-factor"))
        .anyMatch(p -> p.contains("dirty.kafka.proxy"))
        .anyMatch(p -> p.contains("dirty.kafka.properties") && p.contains("acks"));
  }

  @Test
  void kafkaWithoutTheStoreThatUsesItIsAMistake() {
    DualWriteConfig.Kafka kafka = new DualWriteConfig.Kafka("one:9092", null, 0, 0, null, null);
    assertThat(problems(Store.ROCKSDB, kafka)).singleElement().asString().contains("dirty.kafka");
  }

  @Test
  void kafkasPropertiesAreNotPrintedForTheyMayHoldSecrets() {
    DualWriteConfig.Kafka kafka =
        new DualWriteConfig.Kafka("one:9092", null, 0, 0, null, Map.of("sasl.jaas.config", "hush"));
    assertThat(kafka.toString() + kafka.settings()).doesNotContain("hush");
  }
}

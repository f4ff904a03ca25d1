package io.crossfade.dualwrite.dirty.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class TopicCheckTest {
  private final List<String> abnormal = new ArrayList<>();

  private void check(int wanted, int copies, String cleanup, String inSync, String unclean)
      throws Exception {
    List<Node> nodes = IntStream.range(0, copies).mapToObj(i -> new Node(i, "h", 1)).toList();
    TopicDescription topic =
        new TopicDescription(
            "t", false, List.of(new TopicPartitionInfo(0, nodes.get(0), nodes, nodes)));
    Config config =
        new Config(
            List.of(
                new ConfigEntry("cleanup.policy", cleanup),
                new ConfigEntry("min.insync.replicas", inSync),
                new ConfigEntry("unclean.leader.election.enable", unclean)));
    new TopicCheck(new KafkaSettings("h:1", "t", 1, wanted, "me", Map.of()), abnormal::add)
        .check(topic, config);
  }

  @Test
  void takesATopicThatKeepsEverythingTwice() {
    assertThatCode(() -> check(3, 3, "compact", "2", "false")).doesNotThrowAnyException();
    assertThatCode(() -> check(1, 1, "compact", "1", "false")).doesNotThrowAnyException();
    assertThatCode(() -> check(2, 3, "compact", "3", "false")).doesNotThrowAnyException();
    assertThat(abnormal).isEmpty();
  }

  @Test
  void refusesByNameWhatWouldLoseMarks() {
    assertThatThrownBy(() -> check(3, 3, "compact,delete", "2", "false"))
        .hasMessageContaining("cleanup.policy compact,delete; it must be compact");
    assertThatThrownBy(() -> check(3, 2, "compact", "2", "false"))
        .hasMessageContaining("replication factor 2; it must be 3 or more");
    assertThatThrownBy(() -> check(3, 3, "compact", "1", "false"))
        .hasMessageContaining("min.insync.replicas 1; it must be 2 or more");
    assertThat(abnormal).isEmpty();
  }

  @Test
  void warnsOfUncleanElections() throws Exception {
    check(3, 3, "compact", "2", "true");
    assertThat(abnormal).containsExactly("kafka-unclean-election");
  }
}

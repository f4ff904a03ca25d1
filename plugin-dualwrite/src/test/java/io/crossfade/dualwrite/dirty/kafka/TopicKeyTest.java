package io.crossfade.dualwrite.dirty.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dualwrite.dirty.RecordKey;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicKeyTest {
  @Test
  void isWrittenAsTheDocumentationSays() {
    TopicKey key = new TopicKey("pé", 258, new RecordKey(new byte[] {'k', 9}));
    assertThat(HexFormat.of().formatHex(key.encode()))
        .isEqualTo("01" + "0003" + "70c3a9" + "0000000000000102" + "6b09");
    assertThat(TopicKey.decode(key.encode())).isEqualTo(key);
  }

  @Test
  void aRecordHasOnePartitionWhoeverWritesItAndRecordsAreSpread() {
    assertThat(
            IntStream.range(0, 100)
                .mapToObj(i -> TopicKey.partition(new RecordKey(new byte[] {'k', (byte) i}), 8))
                .collect(Collectors.toSet()))
        .hasSize(8);
    assertThat(TopicKey.partition(new RecordKey(new byte[] {'k', 1}), 8))
        .isEqualTo(TopicKey.partition(new RecordKey(new byte[] {'k', 1}), 8));
  }
}

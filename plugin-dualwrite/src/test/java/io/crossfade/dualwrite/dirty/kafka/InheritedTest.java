package io.crossfade.dualwrite.dirty.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.dualwrite.dirty.RecordKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InheritedTest {
  private final Inherited inherited = new Inherited("me");
  private long offset;

  private void see(String proxy, long writer, int partition, int record, @Nullable Integer value) {
    byte[] key =
        new TopicKey(proxy, writer, new RecordKey(new byte[] {'v', (byte) record})).encode();
    byte[] encoded = value == null ? null : TopicValue.open(new byte[] {value.byteValue()});
    inherited.accept(new ConsumerRecord<>("t", partition, offset++, key, encoded));
  }

  private Map<Integer, Integer> found() {
    Map<Integer, Integer> all = new LinkedHashMap<>();
    inherited.forEach((k, v) -> assertThat(all.put((int) k[1], (int) v[0])).isNull());
    return all;
  }

  @Test
  void theNewestWritersValueWinsWhicheverPartitionIsReadFirst() {
    see("me", 7, 3, 1, 70);
    see("me", 5, 0, 1, 50);
    see("me", 6, 0, 1, 60);
    see("me", 5, 0, 2, 51);
    assertThat(found()).isEqualTo(Map.of(1, 70, 2, 51));
    assertThat(inherited.newestWriter()).isEqualTo(7);
  }

  @Test
  void aTombstoneEndsOneCopyOnly() {
    see("me", 5, 0, 1, 50);
    see("me", 6, 0, 1, 60);
    see("me", 7, 3, 1, 70);
    see("me", 6, 0, 1, null);
    assertThat(found()).isEqualTo(Map.of(1, 70));
    Place place =
        Objects.requireNonNull(inherited.places().get(new RecordKey(new byte[] {'v', 1})));
    Place next = Objects.requireNonNull(place.next());
    assertThat(next.next()).isNull();
    assertThat(place.writer() + next.writer()).isEqualTo(5 + 7);
    see("me", 7, 3, 1, null);
    assertThat(found()).as("what the crash of its end left").isEqualTo(Map.of(1, 50));
    see("me", 5, 0, 1, null);
    assertThat(found()).isEmpty();
    assertThat(inherited.places()).isEmpty();
    assertThat(inherited.newestWriter()).as("tombstones count, too").isEqualTo(7);
  }

  @Test
  void whatOthersOwnIsCountedAndNotTaken() {
    see("you", 9, 0, 1, 10);
    see("you", 9, 0, 2, 20);
    see("you", 9, 0, 1, null);
    see("mee", 9, 0, 1, 10);
    assertThat(found()).isEmpty();
    assertThat(inherited.isEmpty()).isTrue();
    assertThat(inherited.newestWriter()).isZero();
    assertThat(inherited.others()).isEqualTo(Map.of("you", 1, "mee", 1));
  }

  @Test
  void recordsOfOtherFormatsAreRefused() {
    assertThatThrownBy(() -> inherited.accept(record(null, new byte[] {'o'}))).hasMessage("no key");
    assertThatThrownBy(() -> inherited.accept(record(new byte[20], new byte[] {'o'})))
        .hasMessage("a key of another format");
    assertThatThrownBy(
            () -> inherited.accept(record(new byte[] {1, 0, 99, 1, 1, 1, 1, 1, 1, 1, 1, 1}, null)))
        .hasMessage("a key that is cut short");
    byte[] good = new TopicKey("me", 1, new RecordKey(new byte[] {'v', 1})).encode();
    assertThatThrownBy(() -> inherited.accept(record(good, new byte[] {'?'})))
        .hasMessage("a value of an unknown state");
    assertThatThrownBy(() -> inherited.accept(record(good, new byte[0])))
        .hasMessage("a value of an unknown state");
  }

  private static ConsumerRecord<byte[], byte[]> record(
      byte @Nullable [] key, byte @Nullable [] value) {
    return new ConsumerRecord<>("t", 0, 0, key, value);
  }
}

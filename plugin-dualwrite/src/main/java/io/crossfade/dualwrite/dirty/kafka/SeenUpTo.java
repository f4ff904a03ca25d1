package io.crossfade.dualwrite.dirty.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Up to which time, in milliseconds since 1970, a group has seen all messages of each partition. It
 * is kept in the metadata of the group's offsets. Not thread-safe.
 */
final class SeenUpTo {
  private final Map<TopicPartition, Long> times = new HashMap<>();

  /** A group that has not seen anything yet needs no message from before it came. */
  void assigned(TopicPartition partition, @Nullable OffsetAndMetadata committed, long now) {
    times.put(partition, committed == null ? now : parse(committed.metadata()));
  }

  /** Zero, which is a gap, for an offset that somebody else has committed. */
  private static long parse(String metadata) {
    try {
      return Long.parseLong(metadata);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  void revoked(Collection<TopicPartition> partitions) {
    partitions.forEach(times::remove);
  }

  void seen(TopicPartition partition, long time) {
    times.merge(partition, time, Math::max);
  }

  /** Forgets how long it has been. */
  void accept(long now) {
    times.replaceAll((partition, time) -> now);
  }

  /** The partitions of which messages that are older than {@code limit} may be missing. */
  Set<TopicPartition> gaps(long now, long limitMillis) {
    Set<TopicPartition> gaps = new HashSet<>();
    times.forEach(
        (partition, time) -> {
          if (now - time > limitMillis) {
            gaps.add(partition);
          }
        });
    return gaps;
  }

  /** The text to commit. */
  String metadata(TopicPartition partition, long now) {
    return Long.toString(times.getOrDefault(partition, now));
  }
}

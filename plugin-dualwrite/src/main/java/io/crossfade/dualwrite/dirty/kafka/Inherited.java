package io.crossfade.dualwrite.dirty.kafka;

import io.crossfade.dualwrite.dirty.RecordKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What earlier writers of a proxy left open in the topic, put together from all its records. */
final class Inherited {
  private final String proxy;
  private final Map<RecordKey, Copy> copies = new TreeMap<>();
  private final Map<String, Set<RecordKey>> others = new HashMap<>();
  private long newestWriter;

  Inherited(String proxy) {
    this.proxy = proxy;
  }

  /** One copy of a record. */
  private record Copy(long writer, int partition, byte[] value, @Nullable Copy next) {}

  /**
   * Takes the next record of a partition.
   *
   * @throws IllegalArgumentException when it is not one of the store's
   */
  void accept(ConsumerRecord<byte[], byte[]> r) {
    if (r.key() == null) {
      throw new IllegalArgumentException("no key");
    }
    TopicKey key = TopicKey.decode(r.key());
    if (!key.proxy().equals(proxy)) {
      Set<RecordKey> open = others.computeIfAbsent(key.proxy(), p -> new HashSet<>());
      if (r.value() == null) {
        open.remove(new RecordKey(r.key()));
      } else {
        open.add(new RecordKey(r.key()));
      }
      return;
    }
    newestWriter = Math.max(newestWriter, key.writer());
    Copy rest = without(copies.get(key.record()), key.writer(), r.partition());
    if (r.value() != null) {
      rest = new Copy(key.writer(), r.partition(), TopicValue.decode(r.value()), rest);
    }
    if (rest == null) {
      copies.remove(key.record());
    } else {
      copies.put(key.record(), rest);
    }
  }

  private static @Nullable Copy without(@Nullable Copy all, long writer, int partition) {
    if (all == null) {
      return null;
    }
    if (all.writer == writer && all.partition == partition) {
      return all.next;
    }
    Copy next = without(all.next, writer, partition);
    return next == all.next ? all : new Copy(all.writer, all.partition, all.value, next);
  }

  boolean isEmpty() {
    return copies.isEmpty();
  }

  /** The largest number of a writer of the proxy; 0 when it has had none. */
  long newestWriter() {
    return newestWriter;
  }

  /** Other proxies, and how many records each of them has open. */
  Map<String, Integer> others() {
    Map<String, Integer> counts = new TreeMap<>();
    others.forEach((name, open) -> counts.put(name, open.size()));
    return counts;
  }

  /** Shows every record once, in order of keys, with the value its newest writer gave it. */
  void forEach(BiConsumer<byte[], byte[]> each) {
    copies.forEach(
        (record, copy) -> {
          Copy newest = copy;
          for (Copy c = copy.next; c != null; c = c.next) {
            newest = c.writer > newest.writer ? c : newest;
          }
          each.accept(record.bytes(), newest.value);
        });
  }

  /** Where the copies of each record are. */
  Map<RecordKey, Place> places() {
    Map<RecordKey, Place> places = new HashMap<>(copies.size() * 2);
    copies.forEach(
        (record, copy) -> {
          Place place = null;
          for (Copy c = copy; c != null; c = c.next) {
            place = new Place(c.writer, c.partition, place);
          }
          if (place != null) {
            places.put(record, place);
          }
        });
    return places;
  }
}

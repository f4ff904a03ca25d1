package io.crossfade.dualwrite.dirty.kafka;

import io.crossfade.api.mapping.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * An example of a second module: keeps the number of items of each list, as sums of +1 and -1,
 * which is not idempotent. What it has made of a key, and the generation of the message it did so
 * for, are kept together with the sum, as one transaction of its own database would. Lists begin
 * with the key's first byte.
 */
final class FollowersModule implements DirtyTopicReader.Handler {
  private final Function<Key, Boolean> mysql;
  private final Map<Integer, Integer> followers = new HashMap<>();
  private final Map<Key, Known> known = new HashMap<>();
  final AtomicInteger duplicates = new AtomicInteger();

  /** What is known of a key. */
  private record Known(boolean present, long generation) {}

  /**
   * @param mysql whether the row is there now
   */
  FollowersModule(Function<Key, Boolean> mysql) {
    this.mysql = mysql;
  }

  @Override
  public void handle(DirtyMessage message) {
    Key key = message.rows().key().orElseThrow();
    if (!message.mayHaveChanged()) {
      return;
    }
    boolean present = mysql.apply(key);
    transaction(key, present, message.generation());
  }

  private synchronized void transaction(Key key, boolean present, long generation) {
    Known before = known.getOrDefault(key, new Known(false, -1));
    if (generation <= before.generation) {
      duplicates.incrementAndGet();
      return;
    }
    known.put(key, new Known(present, generation));
    if (present != before.present) {
      followers.merge((int) key.bytes()[0], present ? 1 : -1, Integer::sum);
    }
  }

  synchronized int followers(int list) {
    return followers.getOrDefault(list, 0);
  }
}

package io.crossfade.dualwrite.witness;

import io.crossfade.dualwrite.dirty.DirtyStore;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** What a witness calls itself: MySQL ends the older of two readers with the same server id. */
public final class WitnessId {
  private static final String NAME = "witness/server-id";

  /** People number their servers below. */
  private static final long LEAST = 1L << 28;

  private static final long END = 1L << 32;

  private WitnessId() {}

  /** The id that is configured, or else one of the store's own, made up once. */
  public static long of(long configured, DirtyStore store) {
    if (configured != 0) {
      return configured;
    }
    Optional<byte[]> kept = store.get(NAME);
    if (kept.isPresent()) {
      return ByteBuffer.wrap(kept.get()).getLong();
    }
    long made = ThreadLocalRandom.current().nextLong(LEAST, END);
    store.put(NAME, ByteBuffer.allocate(Long.BYTES).putLong(made).array());
    return made;
  }
}

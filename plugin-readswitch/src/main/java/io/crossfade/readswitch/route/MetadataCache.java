package io.crossfade.readswitch.route;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.crossfade.api.plugin.ResultMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Frames of result sets, as MySQL sent them. They expire, so that each account's right to read is
 * proven again by MySQL every minute. Thread-safe.
 */
public final class MetadataCache {
  private static final int MOST = 10_000;
  private static final Duration VALID = Duration.ofSeconds(60);

  private final Cache<MetadataKey, ResultMetadata> frames;

  /**
   * @param ticker nanoseconds, such as {@code Ticker.systemTicker()}
   */
  public MetadataCache(Ticker ticker) {
    this.frames =
        Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(VALID).ticker(ticker).build();
  }

  Optional<ResultMetadata> find(MetadataKey key) {
    return Optional.ofNullable(frames.getIfPresent(key));
  }

  /**
   * Keeps a frame, if it is that of a plain result with these columns.
   *
   * @param columns positions in the schema; empty for {@code COUNT(*)}
   * @return whether it was kept
   */
  boolean learn(MetadataKey key, ResultMetadata metadata, List<Integer> columns) {
    boolean plain =
        ResultFrame.isPlain(metadata) && ResultFrame.matches(metadata, key.schema(), columns);
    if (plain) {
      frames.put(key, metadata);
    }
    return plain;
  }
}

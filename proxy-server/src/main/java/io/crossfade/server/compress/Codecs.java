package io.crossfade.server.compress;

import io.crossfade.server.protocol.Compression.Algorithm;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * The algorithms' native memory, of which a thread keeps a little for all of its connections: none
 * holds any between two compressed packets. Ended with the thread.
 */
final class Codecs {
  /** Decompressors of an algorithm that are kept; more are made and closed as needed. */
  private static final int KEPT = 8;

  private static final FastThreadLocal<Codecs> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected Codecs initialValue() {
          return new Codecs();
        }

        @Override
        protected void onRemoval(Codecs codecs) {
          codecs.end();
        }
      };

  private final Map<Algorithm, Compressor> compressors = new EnumMap<>(Algorithm.class);
  private final Map<Algorithm, Deque<Decompressor>> idle = new EnumMap<>(Algorithm.class);

  private Codecs() {}

  static Codecs ofThread() {
    return OF_THREAD.get();
  }

  Compressor compressor(Algorithm algorithm) {
    return compressors.computeIfAbsent(
        algorithm,
        a ->
            switch (a) {
              case ZLIB -> new ZlibCompressor();
              case ZSTD -> new ZstdCompressor();
            });
  }

  /** Lends a decompressor that is given back with {@link #giveBack}. */
  Decompressor borrow(Algorithm algorithm) {
    Decompressor kept = idle(algorithm).poll();
    if (kept != null) {
      return kept;
    }
    return switch (algorithm) {
      case ZLIB -> new ZlibDecompressor();
      case ZSTD -> new ZstdDecompressor();
    };
  }

  /** {@code keep}: whether it took so little memory that it may wait for the next packet. */
  void giveBack(Algorithm algorithm, Decompressor lent, boolean keep) {
    if (keep && idle(algorithm).size() < KEPT) {
      lent.reset();
      idle(algorithm).push(lent);
    } else {
      lent.close();
    }
  }

  private Deque<Decompressor> idle(Algorithm algorithm) {
    return idle.computeIfAbsent(algorithm, a -> new ArrayDeque<>());
  }

  private void end() {
    compressors.values().forEach(Compressor::close);
    idle.values().forEach(kept -> kept.forEach(Decompressor::close));
  }
}
